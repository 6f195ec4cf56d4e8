"""Keep a stored picture while the words of its output are the same.

Two machines draw one figure with other bytes (fonts, libpng). A view's text/plain describes the drawing in numbers, so
as long as that text is equal the old bytes are as true as the new ones, and keeping them leaves the file as it was.
"""

import re

PAYLOAD = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]+")


def fold(html):
    """The HTML with the bytes of its pictures left out."""
    return PAYLOAD.sub("", html)


def keep(new, old):
    """Put the pictures of notebook `old` into `new` wherever an output says the same words."""
    drawn = {data["text/plain"]: data for data in bundles(old) if has_picture(data) and "text/plain" in data}
    for data in bundles(new):
        before = drawn.get(data.get("text/plain"))
        if before and has_picture(data):
            _copy(before, data)


def bundles(notebook):
    """The MIME bundles of all outputs of a notebook."""
    return [output.data for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]


def has_picture(data):
    """True for a bundle with picture bytes in it."""
    return bool(PAYLOAD.search(data.get("text/html", ""))) or any(mime.startswith("image/") for mime in data)


def _copy(before, data):
    for mime in data:
        if mime.startswith("image/") and mime in before:
            data[mime] = before[mime]
    payloads = PAYLOAD.findall(before.get("text/html", ""))
    if payloads and len(payloads) == len(PAYLOAD.findall(data.get("text/html", ""))):
        left = iter(payloads)
        data["text/html"] = PAYLOAD.sub(lambda _: next(left), data["text/html"])
