"""Frames: eight digits of length, then JSON. Nothing is read that is longer than it may be."""

import json
import re


class Malformed(Exception):
    """A frame that no honest child sends; the text says what is wrong with it."""


def frame(message):
    """Return the bytes of a message: eight digits of length, then JSON."""
    body = json.dumps(message, allow_nan=False).encode()
    return b"%08x" % len(body) + body


def length(head, most):
    """Return the length that the eight digits say. Raises Malformed above `most`."""
    if not re.fullmatch(rb"[0-9a-f]{8}", head):
        raise Malformed("a frame begins with eight digits")
    if int(head, 16) > most:
        raise Malformed("a frame is too long")
    return int(head, 16)


def message(body):
    """Return the dict in a frame. Raises Malformed."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("a frame is no JSON") from None
    if not isinstance(said, dict):
        raise Malformed("a frame is no object")
    return said
