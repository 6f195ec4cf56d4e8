"""What Markdown must keep to: one H1, headings in order, alt text, nothing that Jupyter does not draw."""

import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

ROLE = re.compile(r"\{[a-z][\w:-]*\}$")


@cache
def _parser():
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def parse(text):
    """CommonMark tokens of a cell, as JupyterLab reads it."""
    return _parser().parse(text)


class _Images(HTMLParser):
    """Collects the alt text (or None) of every <img>."""

    def __init__(self):
        super().__init__()
        self.alts = []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt"))


def html_alts(html):
    """The alt text of each <img> in a piece of HTML; None where there is none."""
    images = _Images()
    images.feed(html)
    return images.alts


def headings(text):
    """[(level, title, line)] of a cell; line counts from 0."""
    tokens = parse(text)
    return [
        (int(token.tag[1]), tokens[i + 1].content, token.map[0])
        for i, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def problems(source):
    """Sentences on all Markdown of a source."""
    yield from _heading_problems(source)
    for cell in source.in_notebook():
        if cell.kind == "markdown":
            for line, sentence in _cell_problems(cell.text):
                yield source.at(cell.line + line, sentence)


def _heading_problems(source):
    found = [
        (level, title, cell.line + line)
        for cell in source.in_notebook()
        if cell.kind == "markdown"
        for level, title, line in headings(cell.text)
    ]
    tops = [heading for heading in found if heading[0] == 1]
    if not tops:
        yield source.at(1, "there is no title; begin with one line `# 03 Scaling`.")
    for _, title, line in tops[1:]:
        yield source.at(line, f"a second H1, {title!r}; a notebook has one, write `## {title}`.")
    for cell in source.in_notebook():
        for token in parse(cell.text) if cell.kind == "markdown" else ():
            if token.type == "heading_open" and token.markup[0] in "-=":
                line = cell.line + token.map[0]
                yield source.at(line, "the line below makes this a heading; leave a blank line, or write `##`.")
    for (before, _, _), (level, title, line) in zip([(0, "", 0), *found], found, strict=False):
        if level > before + 1:
            mended = f"{'#' * (before + 1)} {title}"
            yield source.at(line, f"a heading of level {level} after one of level {before}; write `{mended}`.")


def _cell_problems(text):
    """(line, sentence) of one Markdown cell; line counts from 0."""
    for token in parse(text):
        line = token.map[0] if token.map else 0
        if token.type == "fence" and token.info.startswith("{"):
            yield line, f"a `{token.info.split()[0]}` block is not drawn by Jupyter; use plain Markdown or <details>."
        if token.type == "html_block":
            yield from ((line, sentence) for sentence in _alt_problems(html_alts(token.content)))
        if token.type == "inline":
            yield from ((line, sentence) for sentence in _inline_problems(token))


def _inline_problems(token):
    images = [child.content for child in token.children if child.type == "image"]
    html = "".join(child.content for child in token.children if child.type == "html_inline")
    yield from _alt_problems(images + html_alts(html))
    plain = "".join(child.content for child in token.children if child.type == "text")
    if plain.startswith(":::"):
        yield "a `:::` block is not drawn by Jupyter; use <details>."
    for child, after in pairwise(token.children):
        role = ROLE.search(child.content) if after.type == "code_inline" else None
        if role:
            yield f"the role {role[0]} is not drawn by Jupyter; use plain Markdown."
    # A display formula inside a sentence is set on the line in JupyterLab and beside it on the site.
    if "$$" in token.content and not re.fullmatch(r"\$\$.*\$\$", token.content.strip(), re.S):
        yield "a `$$` formula must stand in a paragraph of its own, with a blank line before and after."


def _alt_problems(alts):
    for alt in alts:
        if not (alt or "").strip():
            yield "an image without alt text; say in words what it shows."
