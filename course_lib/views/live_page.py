"""A figure alive without a kernel: its script on a model of one page, and a page that asks nobody for anything."""

import base64
import json
import zlib
from html import escape

import anywidget

from course_lib.views.parts import STATIC

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 16px; background: var(--jp-layout-color1, #fff); }}
@media (prefers-color-scheme: dark) {{
  :root {{ --jp-layout-color1: #111; --jp-content-font-color1: #eee; --jp-content-font-color2: #bbb;
    --jp-ui-font-color2: #bdbdbd; }}
}}
{css}
</style>
</head>
<body>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => {{ document.body.dataset.jpThemeLight = String(!dark.matches); }};
dark.addEventListener("change", follow);
follow();
</script>
{body}
</body>
</html>
"""


def public_state(widget):
    """Return the public traits as JSON has them, bytes in base64."""
    base = set(anywidget.AnyWidget.class_trait_names())
    names = sorted(name for name in widget.trait_names(sync=True) if name not in base and not name.startswith("_"))
    state = {name: widget.trait_metadata(name, "to_json", _as_is)(getattr(widget, name), widget) for name in names}
    return json.loads(json.dumps(state, default=lambda data: base64.b64encode(data).decode("ascii")))


def _as_is(value, _):
    return value


def alive(state, script):
    """Return html in which the script draws the state."""
    state = json.dumps(state, ensure_ascii=False).replace("<", "\\u003c")
    name = f"{zlib.crc32(state.encode()):08x}"  # equal in every run; two equal figures fill two places in turn
    stub = (STATIC / "stub.js").read_text(encoding="utf-8")
    place = f"document.querySelector('[data-course-live=\"{name}\"]:empty')"
    start = f"render({{ model: stubModel({state}), el: {place} }});"
    return f'<div data-course-live="{name}"></div>\n<script type="module">\n{script}\n{stub}\n{start}\n</script>'


def whole_page(title, css, body):
    """Return a page that needs neither kernel nor network, in the reader's own theme."""
    return _PAGE.format(title=escape(title), css=css, body=body)
