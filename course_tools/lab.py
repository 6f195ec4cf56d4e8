"""`course lab`: fill work/ with what the learner lacks, then run JupyterLab there until Ctrl+C."""

import errno
import json
import os
import signal
import sys
import sysconfig
from pathlib import Path

from course_tools.shipped import WELCOME, BrokenCourse
from course_tools.work import fill, trouble

ROOT = Path(__file__).resolve().parents[1]
CONFIG = Path(__file__).with_name("jupyter")  # ours, read beside the learner's own configuration
STATE = ".jupyter"  # in work/: which tabs are open, kept apart from those of the learner's other projects


def main(
    port: int | None, browser: bool, options: list[str], root: Path = ROOT, page: str = WELCOME, state: str = STATE
) -> int:
    """Open JupyterLab on a page of work/ and return when it has stopped: 0, or 1 if it could not start."""
    try:
        for remark in fill(root, root / "work"):
            print(remark)
        if port is not None:
            claim(port)
    except OSError as error:
        print(_sentence(error, port), file=sys.stderr)
        return 1
    except BrokenCourse as problem:
        print(problem, file=sys.stderr)
        return 1
    print("Starting JupyterLab ...", flush=True)
    os.environ.update(environment())
    server = _server([*arguments(root / "work", port, browser, page, state), *options])
    signal.signal(signal.SIGINT, lambda *_: _stop(server))
    server.start()
    print("\nJupyterLab has stopped. Your notebooks are in work/.")
    return 0


def arguments(work: Path, port: int | None, browser: bool, page: str = WELCOME, state: str = STATE) -> list[str]:
    """Return the command line of JupyterLab: what must hold whatever the learner's own configuration says."""
    import zmq

    return [
        f"--ServerApp.root_dir={work}",
        f"--LabApp.default_url=/lab/tree/{page}",
        f"--LabApp.workspaces_dir={work / state / 'workspaces'}",
        # Without it every kernel warns on this terminal that other programs of this machine could listen.
        *(["--KernelManager.transport_encryption=auto"] if zmq.has("curve") else []),
        *_own_shell(),
        *([] if port is None else [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]),
        *([] if browser else ["--ServerApp.open_browser=False"]),
    ]


def environment() -> dict[str, str]:
    """Return variables that put our configuration, and this Python's kernel, before others of the same name.

    JUPYTER_PATH leads to our extension of JupyterLab, too.
    Matmuls keep to one core: the course's are small, and threads that wait for each other made a second into a minute.
    """
    first = {"JUPYTER_CONFIG_PATH": [CONFIG], "JUPYTER_PATH": [CONFIG, Path(sys.prefix, "share", "jupyter")]}
    paths = {name: os.pathsep.join([*map(str, ours), *_theirs(name)]) for name, ours in first.items()}
    scripts, path = sysconfig.get_path("scripts"), os.environ.get("PATH", "")  # so that a terminal knows `course`
    paths["PATH"] = path if scripts in path.split(os.pathsep) else f"{scripts}{os.pathsep}{path}"
    return paths | {"OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1")}


def _theirs(name: str) -> list[str]:
    return [os.environ[name]] if os.environ.get(name) else []


def _own_shell() -> list[str]:
    """Return the option that keeps `course` known in JupyterLab's terminals where our words go to no terminal.

    There they would be login shells, whose /etc/profile sets PATH anew and so loses the folder of `course`.
    """
    if os.name == "nt" or sys.stdout.isatty():
        return []
    shell = {"shell_command": [os.environ.get("SHELL") or "/bin/sh"]}
    return [f"--ServerApp.terminado_settings={json.dumps(shell)}"]


def _server(argv: list[str]):
    """Return JupyterLab's server, which has its port and will say its address as soon as it answers there."""
    from jupyterlab.labapp import LabApp

    server = LabApp.initialize_server(argv)
    text = f"JupyterLab is open at\n    {server.public_url}\nCtrl+C in this window stops it."
    server.identity_provider.token_generated = False  # or the server would print the same address in its own words
    server.io_loop.add_callback(print, text, flush=True)
    return server


def _stop(server) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a second Ctrl+C need not wait for the kernels
    server.stop(from_signal=True)


def claim(port: int) -> None:
    """Raise OSError unless JupyterLab can have this port."""
    from tornado.netutil import bind_sockets

    for socket in bind_sockets(port, "localhost"):
        socket.close()


def _sentence(error: OSError, port: int | None) -> str:
    """Return what to do about an error that the machine, not the course, is the cause of."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken: stop what runs there, name another (--port {port + 1}), or leave --port out."
    if error.errno == errno.EACCES and error.filename is None:
        return f"Port {port} is reserved by this system: name one above 1023, or leave --port out."
    return trouble(error)
