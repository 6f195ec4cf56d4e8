"""What the plane is given, checked: what comes back is fit to be drawn, anything else is refused in a sentence."""

import numpy as np

from course_lib.tiny_world import WordVectors


def table_of(table, words):
    """Return the table as floats, with a row for each word; of a WordVectors, the rows of these words."""
    if len(set(words)) < len(words) or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"words must be different names, one for each row: got {words[:8]!r}")
    if len(words) < 2:
        raise ValueError(f"a plane compares words, and needs at least two: got {words!r}")
    if isinstance(table, WordVectors):
        missing = [word for word in words if word not in table.words]
        if missing:
            raise ValueError(f"there are no vectors for {', '.join(missing[:5])}: take words of this world")
        return table.table[table.ids(*words)]
    try:
        table = np.array(table, float)
    except (TypeError, ValueError):
        raise ValueError("table must be numbers, rows of equal length: one row a word") from None
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError(f"table must have one row a word and two features or more: it has shape {table.shape}")
    if len(table) != len(words):
        raise ValueError(f"table must have one row for each word: {len(table)} rows, {len(words)} words")
    if not np.isfinite(table).all():
        row, column = np.argwhere(~np.isfinite(table))[0]
        bad = f"row {row} ({words[row]}), column {column} is {table[row, column]}"
        raise ValueError(f"a place must be made of finite numbers: {bad}")
    return table


def known(name, word, words):
    """Return the word, one of those shown."""
    if word not in words:
        shown = ", ".join(words[:8]) + ", ..." * (len(words) > 8)
        raise ValueError(f"{name} must be one of the words shown, {shown}: got {word!r}")
    return word


def place_of(word, at):
    """Return the place [x, y] that a word was moved to."""
    place = [float(part) for part in at] if isinstance(at, (list, tuple)) else []
    if len(place) != 2 or not np.isfinite(place).all():
        raise ValueError(f"{word} must be moved to a place of two numbers: got {at!r}")
    return place
