"""`course handout`: two pages of a lesson to print, with its figures, and gaps where the lesson has the answer."""

import json
import re
import sys
from html import escape
from pathlib import Path

from course_tools.lab import ROOT
from course_tools.present import find

FIGURES, GUESSES, MYTHS, MOST = 2, 4, 4, 6  # what two pages have room for; MOST: gaps of a figure
GAP, LINE = '<span class="gap"></span>', '<span class="line"></span>'
CARD = re.compile(r"<p><b>Predict:</b> (.*?)</p><ul>(.*?)</ul>(<p>A share of 1)?", re.S)
FIGURE = re.compile(r"<figure.*?</figure>", re.S)
SHARE = re.compile(r"(?<![\w.])[−-]?\.\d+")  # .839: what the figure on the wall tells
MYTH = re.compile(r'^> \*\*Myth\.\*\* \*"(.+?)"\*', re.M)
FENCE = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
ASIDE = re.compile(r"Commit|What you saw|The lines? you|Debug|Erratum|.*myths?\b")  # headings that name no idea
ASSIGNED = re.compile(r"([\w, ]+?) = ")
FACT = re.compile(r"^\*\*(\w[\w ]*)\*\*:.*$", re.M)


def main(lesson, to=None, root=ROOT):
    """Write the handout of a lesson and say where: 0; 1 where it cannot be written, 2 for no such lesson."""
    try:
        stem = find(lesson, root)
        path = Path(to) if to else root / "work" / "handouts" / f"{stem}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(root / "notebooks" / f"{stem}.ipynb"), encoding="utf-8")
    except LookupError as problem:
        print(problem.args[0], file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The handout cannot be written ({error.strerror}: {error.filename}).", file=sys.stderr)
        return 1
    print(f"Written: {path}\nOpen it in a browser and print it: two pages, A4 or Letter.")
    return 0


def page(notebook):
    """Return the handout of a built lesson as one HTML page that asks nobody for anything."""
    cells = core(json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    html = [html for cell in cells for html in outputs(cell)]
    cards = [match for one in html for match in CARD.findall(one)][:GUESSES]
    pictures = [figure for one in html if "<details>" not in one for figure in FIGURE.findall(one)][:FIGURES]
    title = re.search(r"^# (.+)$", texts[0], re.M)[1]
    question = re.search(r"\*\*The question\.\*\* (.+?)(?:\n\n|$)", texts[0], re.S)
    front = [f"<h1>{inline(title)}</h1>", f"<p><b>The question.</b> {inline(question[1])}</p>" if question else ""]
    front += ['<div class="guesses">', *(guess(*card) for card in cards), "</div>", *map(gapped, pictures)]
    myths = [myth(words) for text in texts for words in MYTH.findall(text)][:MYTHS]
    back = [*own(cells), *myths, *questions(texts, 12 - len(myths))]
    return PAGE.format(title=escape(title), front="\n".join(front), back="\n".join(back))


def core(cells):
    """The cells before the cut: the handout is of the hour, not of all that stands behind it."""
    ends = [n for n, cell in enumerate(cells) if cell["metadata"].get("cut")]
    return cells[: ends[0]] if ends else cells


def outputs(cell):
    """The HTML that a built cell shows without a kernel."""
    found = [output.get("data", {}).get("text/html") for output in cell.get("outputs", ())]
    return ["".join(html) for html in found if html]


def guess(asked, choices, shares=""):
    """A question with boxes to tick, or gaps for a number or for shares, and one for the truth."""
    options = re.findall(r"<li>(.*?)</li>", choices, re.S)
    boxes = " ".join(f"{one} {GAP}" if shares else f'<span class="box"></span> {one}' for one in options)
    boxes = GAP if options == ["a number"] else boxes
    return f"<section><b>My guess:</b> {asked}<p>{boxes}</p><p>The room: {GAP} The truth: {GAP}</p></section>"


def gapped(figure):
    """A figure whose sentence has gaps for the shares that the figure on the wall says."""
    sentence = re.search(r"<figcaption>(.*?)</figcaption>", figure, re.S)[1]
    while len(SHARE.findall(sentence)) > MOST and "; " in sentence:  # one row of a table is enough to fill in
        sentence = sentence.rpartition("; ")[0] + "."
    sentence, n = SHARE.subn(GAP, sentence)
    picture = re.search(r"<img.*?>", figure, re.S)[0]
    return f"<figure>{picture}<figcaption>{sentence}{'' if n else f' I see: {LINE}'}</figcaption></figure>"


def own(cells):
    """The lines that the learner now owns, without their right-hand sides; shape and cost to fill in."""
    text, lines = "", []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            lines += source.splitlines() if text else []
        elif text and source.startswith("#"):
            break
        elif text or re.search(r"^## The lines? you now own$", source, re.M):
            text += source + "\n"
    lines = [line for code in FENCE.findall(text) for line in code.splitlines()] or lines
    lines = [ASSIGNED.match(line) for line in lines]
    code = "\n".join(f"{escape(line[1])} = {GAP}{GAP}" for line in lines if line)
    facts = "".join(f"<p><b>{escape(name)}</b>:{LINE}</p>" for name in FACT.findall(text))
    return [f"<section><h2>The lines I now own</h2><pre>{code}</pre>{facts}</section>"] if text else []


def myth(words):
    return f"<section><b>Myth.</b> <i>{inline(words)}</i><p>What is wrong with it:{LINE}{LINE}</p></section>"


def questions(texts, most):
    """The headings of the hour, to be answered in the learner's own words."""
    names = [name for text in texts for name in re.findall(r"^## (.+)$", text, re.M)]
    names = [name for name in names if not ASIDE.match(name)]
    asked = [f"<p>{inline(name)}{LINE}{LINE}</p>" for name in names[:most]]
    return [f"<section><h2>In my own words</h2>{asked[0]}</section>", *asked[1:]] if asked else []


def inline(text):
    """Markdown within a line as HTML; links lose their address, which paper cannot follow."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").renderInline(re.sub(r"\[(.+?)\]\(.+?\)", r"\1", " ".join(text.split())))


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 14mm; }}
body {{ margin: 0 auto; max-width: 180mm; font: 10.5pt/1.4 system-ui, sans-serif; color: #111; }}
.page {{ break-after: page; max-height: 248mm; overflow: hidden; }}
.page:last-child {{ break-after: auto; columns: 2; column-gap: 10mm; }}
.guesses {{ display: grid; grid-template-columns: 1fr 1fr; gap: 0 10mm; }}
h1 {{ font-size: 18pt; margin: 0 0 4mm; }}
h2 {{ font-size: 12.5pt; margin: 3mm 0 2mm; break-after: avoid; }}
section, figure {{ break-inside: avoid; margin: 0 0 5mm; }} p {{ margin: 1mm 0 3mm; break-inside: avoid; }}
figure {{ display: grid; grid-template-columns: 2fr 1fr; gap: 6mm; align-items: center; }}
figure:only-of-type {{ display: block; }} img {{ width: auto; height: auto; max-width: 100%; max-height: 70mm; }}
figure:only-of-type img {{ max-height: 110mm; }} figcaption {{ font-size: 9.5pt; line-height: 1.9; }}
pre {{ font-size: 9.5pt; line-height: 2; white-space: pre-wrap; }}
.gap {{ display: inline-block; min-width: 19mm; border-bottom: 0.3mm solid #555; height: 1.1em; margin: 0 1mm; }}
.line {{ display: block; border-bottom: 0.3mm solid #555; height: 8mm; }}
.box {{ display: inline-block; width: 3.4mm; height: 3.4mm; border: 0.3mm solid #111; vertical-align: -0.4mm; }}
</style></head><body>
<div class="page">
{front}
</div>
<div class="page">
{back}
</div>
</body></html>
"""
