"""Answers that want points without working for them, or harm. Each is a whole cell that stands where `scale` should.

OPEN (a path to write to), TCP, UDP (ports) and UNIX (a path) are filled in by the test, which listens there.
"""

GUESS = "def scale(scores, d_k):\n    return scores\n"


def in_call(body, before=""):
    """A cell whose function does this when it is called, and then returns its argument."""
    indented = "\n".join("    " + line for line in body.splitlines())
    return f"{before}\ndef scale(scores, d_k):\n{indented}\n    return scores\n"


def in_cell(text):
    """A cell that does this before it defines a function that returns its argument."""
    return f"{text}\n{GUESS}"


FRAME = "import os, json\ndef put(text):\n    body = text.encode()\n    os.write(3, b'%08x' % len(body) + body)\n"
SENT = {"printed": False, "changed": []}


def reply(**words):
    """A cell whose function answers the parent itself, in good form but for these words."""
    return in_call(f"put(json.dumps({SENT | words!r}))\nos.read(3, 10**6)", FRAME)


SYSCALL = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\ncall = libc.syscall\n"
OPENED = "call({number}, b'OPEN', 0o101, 0o644)"
MACHINE_CODE = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex("{code}"))
run = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
"""
ANYTHING = """
class Anything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __sub__(self, other): return 0.0
    __rsub__ = __mul__ = __rmul__ = __abs__ = __truediv__ = __sub__
    def __getattr__(self, name): return self
    def __getitem__(self, key): return self
    def __call__(self, *args, **more): return self
    def __bool__(self): return True
    def __len__(self): return 1
    def __hash__(self): return 0
"""
SUBCLASS = """
class Yes(np.ndarray):
    def __array_function__(self, function, types, args, kwargs): return True
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs): return np.True_
    def __eq__(self, other): return np.ones(self.shape, bool)
"""
NAMES_OF_WANTED = """
import sys
def look(frame):
    while frame:
        for space in (frame.f_locals, frame.f_globals):
            for name, value in list(space.items()):
                if any(word in name.lower() for word in ("wanted", "expected", "answer", "solution", "verdict")):
                    yield value
        frame = frame.f_back
"""

HOSTILE = {
    # objects that are equal to everything
    "equal to everything": ANYTHING + "def scale(scores, d_k):\n    return Anything()\n",
    "array subclass": SUBCLASS + "def scale(scores, d_k):\n    return scores.view(Yes)\n",
    "says it is an array": ANYTHING + "Anything.__class__ = property(lambda self: np.ndarray)\n"
    "def scale(scores, d_k):\n    return Anything()\n",
    "array interface to nowhere": "class Bad:\n    __array_interface__ = {'shape': (5, 7), 'typestr': '<f8', "
    "'data': (8, True), 'version': 3}\ndef scale(scores, d_k):\n    return Bad()\n",
    "float that equals": "class F(float):\n    __eq__ = lambda a, b: True\n    __hash__ = None\n"
    "def scale(scores, d_k):\n    return F(0)\n",
    "array of objects": ANYTHING + "def scale(scores, d_k):\n    return np.full(scores.shape, Anything())\n",
    "nan everywhere": "def scale(scores, d_k):\n    return np.full_like(scores, np.nan)\n",
    # the machinery, patched
    "patched NumPy": in_cell(
        "for name in ('allclose', 'isclose', 'array_equal', 'array_equiv', 'all', 'any'):\n"
        "    setattr(np, name, lambda *a, **k: True)\nnp.asarray = lambda a, *r, **k: a"
    ),
    "patched checks": in_cell(
        "import sys\nfor module in list(sys.modules.values()):\n"
        "    for name in ('close', 'compare', 'judge', 'wrong_signature', 'measured', 'kind_fits'):\n"
        "        if hasattr(module, name): setattr(module, name, lambda *a, **k: True)"
    ),
    "patched wire": in_cell(
        "import sys\nwire = sys.modules['course_tools.grading.wire']\n"
        "wire.encode = lambda *a, **k: ['opaque', 'correct']\nwire.frame = lambda m: b'00000002{}'"
    ),
    "patched child": in_cell(
        "import sys\nchild = sys.modules['course_tools.grading.child']\n"
        "child.Asked.call = lambda self, task: {'outcome': 'correct', 'points': 99, 'printed': 0, 'changed': [], "
        "'answer': ['plain', True]}"
    ),
    "patched builtins": in_cell("import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 0"),
    "patched ast and compile": in_cell(
        "import ast, builtins\nast.parse = lambda *a, **k: None\nbuiltins.compile = lambda *a, **k: None\n"
        "ast.NodeTransformer.visit = lambda self, node: None"
    ),
    "input transformers": in_cell(
        "get_ipython().input_transformers_post.append(lambda lines: ['scale = lambda *a: True\\n'])"
    ),
    "import hooks": in_cell("import sys\nsys.meta_path.insert(0, type('H', (), {'find_spec': lambda *a: 1 / 0})())"),
    "trace hooks": in_cell("import sys\nsys.settrace(lambda *a: 1 / 0)\nsys.setprofile(lambda *a: 1 / 0)"),
    "patched generator": in_cell("np.random.default_rng = lambda *a: (_ for _ in ())"),
    # ends
    "exit of the process": in_call("import os; os._exit(0)"),
    "exit of the process in the cell": in_cell("import os; os._exit(0)"),
    "sys.exit": in_call("raise SystemExit(0)"),
    "sys.exit in the cell": in_cell("import sys; sys.exit(0)"),
    "KeyboardInterrupt": in_call("raise KeyboardInterrupt"),
    "KeyboardInterrupt in the cell": in_cell("raise KeyboardInterrupt"),
    "stops itself": in_call("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
    "raises signals": in_call("import signal\nfor n in (2, 6, 10, 15, 19): signal.raise_signal(n)"),
    "kills the parent": in_call("import os\nfor who in (os.getppid(), 0, -1):\n    os.kill(who, 9)"),
    "segfault": in_call("import ctypes; ctypes.string_at(0)"),
    "abort": in_call("import ctypes; ctypes.CDLL(None).abort()"),
    "stack overflow": in_call("import sys\nsys.setrecursionlimit(10**9)\ndef down(n): return down(n + 1) + 1\ndown(0)"),
    "deep comparison": in_call("x = []\nfor _ in range(10**6): x = [x]\nreturn x"),
    # the wanted value, looked for
    "frames": NAMES_OF_WANTED + "def scale(scores, d_k):\n"
    "    return next((v for v in look(sys._getframe()) if np.shape(v) == scores.shape), scores)\n",
    "gc": "import gc\ndef scale(scores, d_k):\n    found = [o for o in gc.get_objects() if type(o) in (list, tuple)]\n"
    "    return next((np.array(o) for o in found if len(o) == len(scores) and o is not scores), scores)\n",
    "files of the course": in_call(
        "import course_lib\nreturn eval(open(course_lib.__path__[0] + '/checks/scaling.py').read())"
    ),
    "the secret of the parent": in_call("return eval(open('/proc/%d/environ' % __import__('os').getppid()).read())"),
    "memory of the parent": in_call(
        "import ctypes, os\nbuffer = ctypes.create_string_buffer(8)\nread = ctypes.CDLL(None).process_vm_readv\n"
        "assert read(os.getppid(), buffer, 1, buffer, 1, 0) > 0\nreturn scores / d_k ** 0.5"
    ),
    "ptrace": in_call(
        "import ctypes, os\nassert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0\nreturn scores / d_k ** 0.5"
    ),
    "history": in_call("return get_ipython().user_ns['Out'][1]"),
    "environment": in_call("import os\nreturn eval(next(v for k, v in os.environ.items() if 'SECRET' in k))"),
    "the course's own": "def scale(scores, d_k):\n    from course_lib.scaling import scale\n"
    "    return scale(scores, d_k)\n",
    "the course's own, from given": "def scale(scores, d_k):\n    from course_lib import given\n"
    "    return given.EXERCISES['3.2'](scores, d_k)\n",
    "the spec": "def scale(scores, d_k):\n    from course_lib.checks.scaling import SCALE\n"
    "    return np.array(SCALE.spec(scores, d_k))\n",
    "the spec, found in modules": "import sys\ndef scale(scores, d_k):\n    for module in list(sys.modules.values()):\n"
    "        other = getattr(module, 'scale', None)\n        if other and other is not scale:\n"
    "            return other(scores, d_k)\n    return scores\n",
    # replies
    "forged reply": in_call(
        'put(json.dumps({"answer": ["plain", True], "printed": 0, "changed": [], "outcome": "correct", "points": 2}))',
        FRAME,
    ),
    "forged replies in the cell": in_cell(FRAME + "for _ in range(20): put('{}')"),
    "forged last words": in_cell(FRAME + 'put(\'{"outcome": "correct", "message": "", "points": 2}\')'),
    "oversized reply": in_call("os.write(3, b'ffffffff' + b' ' * 100000)", FRAME),
    "endless reply": in_call("os.write(3, b'ffffffff')\nwhile True: os.write(3, b' ' * 10**6)", FRAME),
    "reply of many lists": in_call("put('[' + '[],' * 400_000 + '[]]')", FRAME),
    "deep reply": in_call("put('[' * 100000)", FRAME),
    "reply of nonsense": in_call("os.write(3, b'\\x00' * 1000)", FRAME),
    "reply of huge shape": in_call(
        'put(\'{"answer": ["array", "float64", [2147483647, 2147483647], ""], "printed": 0, "changed": []}\')', FRAME
    ),
    "reply of a huge number": in_call(
        'put(\'{"answer": ["plain", \' + "9" * 100000 + \'], "printed": 0, "changed": []}\')', FRAME
    ),
    "reply of forged booleans": in_call(
        'put(\'{"answer": ["array", "bool", [3], "AgIC"], "printed": 0, "changed": [[0, ["array"]]]}\')', FRAME
    ),
    "dripping reply": in_call("import time\nwhile True:\n    os.write(3, b'0')\n    time.sleep(0.5)", FRAME),
    "missing reply": in_call("while True: os.read(3, 1)", FRAME),
    "closed wire": in_call("os.close(3)", FRAME),
    "writes to every descriptor": in_call(
        "import os\nfor number in set(range(200)) - {3}:\n    try: os.write(number, b'7\\n' * 9)\n"
        "    except OSError: pass"
    ),
    # never ending
    "endless loop": in_call("while True: pass"),
    "endless loop in the cell": in_cell("while True: pass"),
    "loop that swallows everything": in_call(
        "import signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except Exception: pass\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    ),
    "waits for ever": in_call("import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nlock.acquire()"),
    "sleeps": in_call("import time; time.sleep(1e6)"),
    "endless output": in_call("while True: print('x' * 10**6)"),
    "endless raw output": in_call("import os\nwhile True: os.write(1, b'x' * 10**6); os.write(2, b'x' * 10**6)"),
    "endless iterator": in_call("import itertools; return itertools.count()"),
    "a list that holds itself": in_call("x = [1.0]; x.append(x); return x"),
    "one call into C": in_call("return 7 ** (7 ** 12)"),
    # too much
    "memory balloon": in_call("x = []\nwhile True: x.append(bytearray(10**7))"),
    "memory balloon in the cell": in_cell("x = [b'1' * 10**9 for _ in range(100)]"),
    "huge array": in_call("return np.ones((60000, 60000))"),
    "huge answer": in_call("return np.ones(20_000_000)"),
    "huge list": in_call("return ['x' * 100] * 10**5"),
    # processes
    "fork bomb": in_call("import os\nwhile True: os.fork()"),
    "fork bomb in the cell": in_cell("import os\nwhile True: os.fork()"),
    "threads": in_call("import threading\nthreading.Thread(target=lambda: open('OPEN', 'w')).start()"),
    "detached child": in_call(
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'open(\"OPEN\", \"w\")'], start_new_session=True)"
    ),
    "shell": in_call("import os\nassert os.system('touch OPEN') == 0\nreturn scores / d_k ** 0.5"),
    "exec": in_call("import os\nos.execv('/bin/touch', ['touch', 'OPEN'])"),
    "multiprocessing": in_call("import multiprocessing\nmultiprocessing.Pool(2)"),
    # the network
    "TCP": in_call("import socket\nsocket.create_connection(('127.0.0.1', TCP))"),
    "UDP": in_call("import socket\nsocket.socket(2, 2).sendto(b'x', ('127.0.0.1', UDP))"),
    "DNS": in_call("import socket\nassert socket.getaddrinfo('localhost', 80)\nreturn scores / d_k ** 0.5"),
    "Unix socket": in_call("import socket\ns = socket.socket(1, 1)\ns.connect('UNIX')"),
    "the wire as a socket": in_call("import _socket\n_socket.socket(fileno=3).sendto(b'x', ('127.0.0.1', UDP))"),
    # the kernel
    "raw open": in_call(OPENED.format(number=2), SYSCALL),
    "raw open of x32": in_call(OPENED.format(number=0x40000002), SYSCALL),
    "raw fork": in_call("return scores / d_k ** 0.5 if call(57) >= 0 else scores", SYSCALL),
    "raw socket": in_call("return scores / d_k ** 0.5 if call(41, 2, 1, 0) >= 0 else scores", SYSCALL),
    "other doors of the kernel": in_call(
        "got = [call(n, 0, 0, 0, 0, 0) for n in\\\n"
        "    (101, 165, 272, 298, 310, 311, 319, 321, 323, 425, 434, 435, 437, 438)]\n"
        "return scores / d_k ** 0.5 if max(got) >= 0 else scores",
        SYSCALL,
    ),
    "machine code of 32 bits": in_call(  # mov eax, 2 (fork of i386); int 0x80; ret
        "return scores / d_k ** 0.5 if run() >= 0 else scores", MACHINE_CODE.format(code="b802000000cd80c3")
    ),
    "more for itself": in_call(
        "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))\nreturn scores / d_k ** 0.5"
    ),
    "root again": in_call("import os\nos.setresuid(0, 0, 0)\nreturn scores / d_k ** 0.5"),
    # files
    "writes a file": in_call("open('OPEN', 'w')"),
    "writes a file in the cell": in_cell("open('OPEN', 'w')"),
    "np.save": in_call("np.save('OPEN', scores)"),
    "removes files": in_call("import os, shutil\nshutil.rmtree('/tmp', True)\nos.remove('KEPT')"),
    "shell magics": "!touch OPEN\n%%bash\n%system touch OPEN\n" + GUESS,
    "input": in_call("return eval(input())"),
    # pickles
    "pickled answer": "class P:\n    def __reduce__(self):\n        return open, ('OPEN', 'w')\n"
    "def scale(scores, d_k):\n    return P()\n",
    "pickled error": "class P(Exception):\n    def __reduce__(self):\n        return open, ('OPEN', 'w')\n"
    "    def __str__(self):\n        raise P\ndef scale(scores, d_k):\n    raise P\n",
    # dishonest, but tame
    "changes its argument": "def scale(scores, d_k):\n    scores /= d_k ** 0.5\n    return scores\n",
    "values from an earlier print": "def scale(scores, d_k):\n    return {(5, 7): np.full((5, 7), 0.25), (): 1.0}"
    ".get(np.shape(scores), np.zeros(np.shape(scores)))\n",
    "no function": "scale = 7\n",
    "other arguments": "def scale(*everything, **more):\n    return everything[0]\n",
    "a class": "class scale:\n    def __init__(self, scores, d_k):\n        self.scores = scores\n",
    "no Python": "def scale(scores, d_k)\n    return scores\n",
    "deep source": "def scale(scores, d_k):\n    return " + "(" * 5000 + "scores" + ")" * 5000 + "\n",
    "deep tree": "def scale(scores, d_k):\n    return " + "-" * 50000 + "scores\n",
    "null bytes": "def scale(scores, d_k):\n    return scores\x00\n",
    # by one who has read the source of the grader
    "a changed argument that is not there": reply(answer=["plain", 1], changed=[[99, ["plain", 1]]]),
    "a changed argument before the first": reply(answer=["plain", 1], changed=[[-1, ["array", "bool", [0], ""]]]),
    "a changed argument that is a word": reply(answer=["plain", 1], changed=[[0, ["text", "x"]]]),
    "two thousand million empty rows": reply(answer=["rows", "list", ["array", "bool", [2147483647, 0], ""]]),
    "empty rows by the million": reply(answer=["list", [["rows", "list", ["array", "bool", [131072, 0], ""]]] * 64]),
    "rows within rows": in_call(
        "put('{\"printed\": 0, \"changed\": [], \"answer\": ' + '[\"rows\", \"list\", ' * 900 + '0' + ']' * 900 + '}')",
        FRAME,
    ),
    "a decoder that is none": reply(answer=["__class__", 1]),
    "an answer that is no list": reply(answer={"plain": 1}),
    "an error that needs more": reply(error=["ExceptionGroup", "x", "y"]),
    "an error that ends loops": reply(error=["StopIteration", "", ""]),
    "an error that is the parent's": reply(error=["SystemExit", "", ""]),
    "a type that is named after ours": reply(answer=["opaque", "ndarray"]),
    "remarks without end": in_cell(FRAME + "put(json.dumps({'outcome': 'correct', 'remarks': ['x' * 1000] * 2000}))"),
    "the way in, opened twice": in_cell(FRAME + "put('{}')\nput(json.dumps({'answer': ['plain', 1], 'printed': 0}))"),
}
