"""A real kernel, as a notebook has one: run a cell and see what it shows."""

import re
from dataclasses import dataclass, field

from jupyter_client.manager import KernelManager

SECONDS = 300  # nobody waits that long, unless the kernel hangs: a busy machine may need a minute to start one


@dataclass
class Said:
    """What a cell showed: its result as text, what it printed, the lines of its error, the cell it would fill."""

    text: str = ""
    printed: str = ""
    error: list = field(default_factory=list)
    next_input: str = ""


class Kernel:
    """`with Kernel(folder) as kernel: kernel.run("1 + 1").text`; `specs` knows of kernels what a server's knows."""

    def __init__(self, folder, specs=None):
        self.folder, self.specs = str(folder), {"kernel_spec_manager": specs} if specs else {}

    def __enter__(self):
        try:
            self._start()
        except RuntimeError:  # its ports were free when they were chosen, and one was not when the kernel took it
            self._start()
        return self

    def _start(self):
        self.manager = KernelManager(kernel_name="python3", **self.specs)
        self.manager.start_kernel(cwd=self.folder)
        self._connect()

    def __exit__(self, *problem):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def _connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def run(self, source, id=None):
        """Run a cell; JupyterLab sends its id along, others do not."""
        said = Said()
        self.client.session.metadata = {"cellId": id} if id else {}
        reply = self.client.execute_interactive(source, timeout=SECONDS, output_hook=lambda m: _hear(said, m))
        sent = [part["text"] for part in reply["content"].get("payload", []) if part["source"] == "set_next_input"]
        said.next_input = sent[-1] if sent else ""
        return said

    def restart_while(self, source):
        """Restart while this cell runs."""
        self.client.execute(source)
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["msg_type"] == "execute_input" and message["content"]["code"] == source:
                break
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self._connect()


def _hear(said, message):
    content = message["content"]
    if message["msg_type"] == "stream":
        said.printed += content["text"]
    elif message["msg_type"] == "execute_result":
        said.text = content["data"]["text/plain"]
    elif message["msg_type"] == "error":
        said.error = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in content["traceback"]]
