"""The list of system calls that a child may make, as a program that the kernel runs before each of them."""

import ctypes
import errno
import platform
import struct
import sys
from functools import lru_cache

# name: (number on x86-64, number on aarch64). No open, no socket, no fork, no exec, no kill.
CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
}
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, the kernel's name of the ABI
X32 = 0x40000000  # the other ABI of x86-64: the same kernel functions under other numbers

LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # BPF: ld abs word, jeq, jge, ret
KILL, ALLOW, REFUSE = 0x80000000, 0x7FFF0000, 0x00050000 | errno.EPERM

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 22, 38, 2


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def available():
    """Is this a Linux on one of the two machines whose kernel can filter system calls?"""
    if not sys.platform.startswith("linux") or platform.machine() not in MACHINES:
        return False
    # A kernel that knows filters looks for the program, at address 0, before it looks at anything else.
    nowhere = libc().prctl(PR_SET_SECCOMP, FILTER, None, 0, 0)
    return nowhere == -1 and ctypes.get_errno() == errno.EFAULT


@lru_cache(maxsize=1)
def libc():
    """Return the C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def program(machine):
    """Return the instructions for a machine: (code, jump if true, jump if false, number) each."""
    column, abi = MACHINES[machine]
    numbers = sorted(numbers[column] for numbers in CALLS.values())
    lines = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, abi), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    lines += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)]
    for number in numbers:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    return [*lines, (RETURN, 0, 0, REFUSE)]


def install():
    """From here on this process, and all it could ever start, makes only the calls above; the others fail.

    Raises OSError where the kernel refuses.
    """
    pointer = ctypes.addressof(prepared())
    for words in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, FILTER, pointer, 0, 0)):
        if libc().prctl(*map(ctypes.c_void_p, words)):
            raise OSError(ctypes.get_errno(), "the kernel refused the filter")


@lru_cache(maxsize=1)
def prepared():
    """Return the program as the kernel takes it; the zygote makes it once for all its children."""
    packed = b"".join(struct.pack("HBBI", *line) for line in program(platform.machine()))
    return _Program(len(packed) // 8, packed)
