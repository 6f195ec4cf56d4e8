"""Pages of HTML from words that may be anybody's: all escaped, no script, nothing loaded from anywhere."""

import html

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0 }
pre { overflow-x: auto; border-left: 3px solid; padding-left: .8rem; font-size: 14px; white-space: pre-wrap }
section { margin: 2rem 0 } .said { table-layout: fixed; width: 100% } .said th:nth-child(1) { width: 5rem }
.said th:nth-child(2) { width: 12rem } .said td { overflow-wrap: break-word }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head><body><main>
<h1>{title}</h1>
{body}
</main></body></html>
"""


def text(words):
    """Return words as HTML shows them: markup, marks that turn the line around and control characters do nothing."""
    shown = "".join(c if c.isprintable() or c in "\n\t" else "�" for c in str(words))
    return html.escape(shown)


def page(title, body):
    """Return a page; `body` is HTML already, `title` is not."""
    return PAGE.format(title=text(title), body=body, policy=html.escape(POLICY), style=STYLE)


def table(head, rows, kind=""):
    """Return a table; its cells are words. kind: "said" for one whose columns stand as in its neighbours."""
    line = "<tr>" + "".join(f"<th>{text(cell)}</th>" for cell in head) + "</tr>"
    lines = ["<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    shown = f' class="{kind}"' if kind else ""
    return f"<table{shown}>{line}{''.join(lines)}</table>"


def code(source):
    """Return a source as it was written."""
    return f"<pre><code>{text(source)}</code></pre>"
