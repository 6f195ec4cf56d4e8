"""Which notebooks the Jupyter servers of this machine have open, so that none is changed under someone's hands.

A notebook that a tab shows has a session there, and keeps it until it is closed and shut down. (JupyterLab would ask
before it saves over a changed file, and one of its two answers throws away what was typed.)
"""

import json
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from urllib.request import ProxyHandler, build_opener

SECONDS = 5  # to wait for a server that hangs
TRIES = 9


def is_open(path: Path, places: set[Path]) -> bool:
    """Is this file one of the places that are open, or below one?"""
    path = path.resolve()
    return any(path == place or place in path.parents for place in places)


def open_places(folder: Path) -> set[Path]:
    """Return the files that are open in servers that show `folder`, and the whole top of a server that does not say."""
    folder, places = folder.resolve(), set()
    for server in _running():
        top = Path(server["root_dir"]).resolve()
        if top in (folder, *folder.parents) or folder in top.parents:
            try:
                places |= {(top / session["path"]).resolve() for session in _sessions(server)}
            except (OSError, ValueError, LookupError, TypeError):
                places.add(top)
    return places


def _running() -> list[dict]:
    """Return what servers say of themselves. One that stops while they are read takes its file away: then once more."""
    from jupyter_server.serverapp import list_running_servers

    for _ in range(TRIES):
        found = []
        with suppress(FileNotFoundError):
            found.extend(list_running_servers())
            break
    return found


def _sessions(server: dict) -> list[dict]:
    """Return what a server calls its sessions: each has the path of its notebook, from the server's top folder."""
    opener = build_opener(ProxyHandler({}))  # this machine is not reached through a proxy
    with opener.open(f"{server['url']}api/sessions?token={quote(server['token'])}", timeout=SECONDS) as answer:
        return json.loads(answer.read())
