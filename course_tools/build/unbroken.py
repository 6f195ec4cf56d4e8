"""Keep a formula in prose on one line: √512 · √64, dₖ = 64, n × n and 99 % get spaces at which no line breaks."""

import re

from course_tools.build import numerals

SPACE = "\u00a0"
SIGN = re.compile(r"(?<=\S) (?:[·×=≈+−/≤≥] |%)")
AROUND = "*_().,:;!?[]|"
LONGEST = 12  # letters of an operand: what is longer may stand alone on a line


def unbroken(text):
    """Return the Markdown with no line break possible around the signs of its formulas; code and maths stay."""
    plain, letters = numerals.blank(text), list(text)
    for sign in SIGN.finditer(plain):
        left, right = plain[: sign.start()].split()[-1], plain[sign.end() :].split(maxsplit=1)[:1]
        if sign[0] == " %" and left[-1].isdigit():
            letters[sign.start()] = SPACE
        elif right and _is_operand(left) and _is_operand(right[0]):
            letters[sign.start()] = letters[sign.end() - 1] = SPACE
    return "".join(letters)


def _is_operand(word):
    """Is it a number, a letter or a name with an index? `5`, `n`, `n_q`, `√dₖ`; not `minutes`."""
    bare = word.strip(AROUND)
    return len(bare) == 1 or (len(bare) <= LONGEST and re.search(r"[\d_√²³ᵀₐ-ₜ₀-₉ᵢ-ᵥⱼ(]", bare) is not None)
