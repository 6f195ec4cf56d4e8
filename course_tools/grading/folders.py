"""Folders that others may change while we look: below the one that we were given, no link is ever followed.

A learner can put a link to another's folder where their own has been a moment ago. So a path is walked name by name,
each from the folder that was opened before it.
"""

import errno
import os
from itertools import islice

FOLLOW_NONE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe must not keep us waiting
WALKS = os.open in os.supports_dir_fd and os.scandir in os.supports_fd  # Windows does not, and has no jail either


def descend(root, parts, flags):
    """Return a descriptor of root/parts, opened with these flags. Raises OSError, ELOOP for a link at the end."""
    if not WALKS:
        return _open_by_path(root, parts, flags)
    here = os.open(root, FOLDER)
    for i, part in enumerate(parts, 1):
        above = here
        try:
            here = os.open(part, (flags if i == len(parts) else FOLDER) | FOLLOW_NONE, dir_fd=above)
        finally:
            os.close(above)
    return here


def _open_by_path(root, parts, flags):
    path = os.path.join(root, *parts)
    if os.path.islink(path):
        raise OSError(errno.ELOOP, "is a link")
    return os.open(path, flags)


def listing(root, parts, most=None):
    """Return (name, kind, time) of what is in root/parts, in order, at most so many; kind: folder, file or other."""
    if not WALKS:
        return _listed(os.path.join(root, *parts), most)
    folder = descend(root, parts, FOLDER)
    try:
        return _listed(folder, most)
    finally:
        os.close(folder)


def _listed(folder, most):
    with os.scandir(folder) as entries:
        return sorted((entry.name, _kind(entry), _time(entry)) for entry in islice(entries, most))


def _kind(entry):
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


def _time(entry):
    try:
        return entry.stat(follow_symlinks=False).st_mtime
    except OSError:  # gone since we looked
        return 0.0
