"""Find the numbers in prose, and read them: .96, 1,024, −3, 25 %, fifteen."""

import re
from decimal import Decimal
from html import unescape
from typing import NamedTuple

NUMERAL = re.compile(
    r"(?<![\w.,])[-−]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[-−]?\d+)?(?:[ \u00a0\u202f]?%)?"
)
WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()

# What a numeral may stand in without being a claim. Each is blanked out, letter by letter, before numbers are sought.
EXEMPT = [
    re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[ \t]*$", re.S | re.M),  # fenced code
    re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S),  # code spans
    re.compile(r"\$\$.*?\$\$|(?<![\\$\w])\$(?! )[^$\n]+?\$", re.S),  # maths
    re.compile(r"<!--.*?-->|<[a-zA-Z/][^>]*>", re.S),  # HTML tags
    re.compile(r"!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])"),  # links and images
    re.compile(r"https?://\S+"),
    re.compile(r"^ {0,3}#{1,6} [^\n]*$", re.M),  # headings
    re.compile(r"^[ \t]*\d+[.)](?=\s)", re.M),  # the number of a list's item
    re.compile(r"^\*\d+ minutes[^\n]*$|\b\d+ minutes\b", re.M),  # a lesson's head line, its cut, minutes
    re.compile(r"\b(?:[Ll]essons?|[Ee]xercises?|§+|[Ff]ootnotes?)\s*\d[\d.]*(?:(?:,| and| or| to|–|-)\s*\d[\d.]*)*"),
    re.compile(r"\b0\d(?:_\w+)?\b"),  # lessons: 04, 04_softmax
    re.compile(r"\b(?:19[5-9]\d|20[0-3]\d)\b(?![,.]?\d)"),  # years
    re.compile(r"\b\d+(?:\.\d+)+\.\d+\b"),  # versions
    re.compile(r"\b\d-?D\b"),  # 2-D
]
READING = re.compile(r"^(?:#+ +|\*\*)(?:Further )?[Rr]eading\b", re.M)


class Number(NamedTuple):
    """A number as words show it: its value, and how many decimals they give."""

    value: Decimal
    decimals: int

    def is_shown_by(self, value):
        """True when `value`, rounded to as many decimals as the words show, prints as the words."""
        return abs(float(value) - float(self.value)) <= 0.5 * 10.0**-self.decimals * (1 + 1e-9)


def number(words):
    """Read words as a Number, or None: ".96" -> (0.96, 2), "25 %" -> (0.25, 2), "fifteen" -> (15, 0)."""
    words = words.strip()
    if words.lower() in WORDS:
        return Number(Decimal(WORDS.index(words.lower())), 0)
    if not words or not NUMERAL.fullmatch(words):
        return None
    percent = words.endswith("%")
    value = Decimal(words.rstrip("% \u00a0\u202f").replace(",", "").replace("−", "-"))
    value = value.scaleb(-2) if percent else value
    return Number(value, max(0, -value.as_tuple().exponent))


def blank(text):
    """The text with everything exempt overwritten by spaces; positions and lines stay."""
    reading = READING.search(text)
    if reading:  # from there on the cell names papers, pages and sections
        text = text[: reading.start()] + re.sub(r"[^\n]", " ", text[reading.start() :])
    for pattern in EXEMPT:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def find(text):
    """[(start, end, words)] of the numerals in a text; blank() prose first."""
    return [(match.start(), match.end(), match[0]) for match in NUMERAL.finditer(text)]


def shown(notebook):
    """The Numbers that a notebook shows: printed, in the words of its pictures, or set in its own code."""
    return {number(words) for text in _shown_texts(notebook) for _, _, words in find(text)}


def _shown_texts(notebook):
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        yield re.sub(r"(?<=\d)_(?=\d)", "", cell.source)  # 20_000
        for output in cell.outputs:
            yield str(output.get("text", ""))
            data = output.get("data", {})
            # Where there is HTML, the learner reads it; the text/plain beside it is for nbval and holds sums of pixels.
            yield _visible(data["text/html"]) if "text/html" in data else str(data.get("text/plain", ""))


def _visible(html):
    alts = " ".join(re.findall(r'\balt="([^"]*)"', html))
    return unescape(alts + " " + re.sub(r"<[^>]*>", " ", html))
