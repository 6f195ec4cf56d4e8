"""Write files only where they change, so that a second build leaves every byte and every date alone."""

import nbformat

from course_tools.build import pictures
from course_tools.build.notebook import to_bytes
from course_tools.work import write_atomically


def keep_pictures(notebook, path):
    """Keep the pictures that the notebook at `path` holds, where their words are still the same."""
    try:
        pictures.keep(notebook, nbformat.read(path, as_version=4))
    except Exception:  # not built yet, or unreadable and about to be replaced: no pictures to keep
        return


def write(notebook, path):
    """Write a valid notebook; True when the file changed."""
    nbformat.validate(notebook)
    return write_bytes(to_bytes(notebook), path)


def write_bytes(data, path):
    """Write a file; True when it changed."""
    if path.exists() and path.read_bytes() == data:
        return False
    write_atomically(path, data)  # a build that is stopped leaves whole notebooks behind
    return True
