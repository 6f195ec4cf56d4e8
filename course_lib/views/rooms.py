"""Shows of hands: what rooms answered before the truth was shown, a line each in `work/rooms.jsonl`, only added to."""

import json
import os

from course_lib.progress import work_dir
from course_lib.views.style import number

NAME = "rooms.jsonl"
PRESENTING = "COURSE_PRESENTING"  # set by `course present`: a card then asks a room, not a learner


def presenting():
    """True in a kernel that was started from slides."""
    return bool(os.environ.get(PRESENTING))


def are_hands(hands, count):
    """True for `count` whole numbers, none below 0."""
    return isinstance(hands, list) and len(hands) == count and all(type(n) is int and n >= 0 for n in hands)


def keep(key, choices, hands):
    """Add a room to the record; where nothing can be written, the show goes on."""
    folder = work_dir()
    if folder is None:
        return
    line = json.dumps({"key": key, "choices": choices, "hands": hands}, ensure_ascii=False)
    try:
        with open(folder / NAME, "ab") as file:
            file.write(f"\n{line}\n".encode())  # a line end in front, too: the line before may be torn
    except OSError:
        return


def before(key, choices):
    """Return the hands of all rooms so far, added up for each choice; all 0 where there was none."""
    folder = work_dir()
    try:
        lines = (folder / NAME).read_text("utf-8", errors="replace").splitlines() if folder else []
    except OSError:
        lines = []
    rooms = [room for line in lines if (room := _read(line, key, choices)) is not None]
    return [sum(hands) for hands in zip(*rooms, strict=True)] if rooms else [0] * len(choices)


def _read(line, key, choices):
    """Return the hands of a line, or None for a torn line, another card, or one that has other choices by now."""
    try:
        room = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(room, dict) or (room.get("key"), room.get("choices")) != (key, choices):
        return None
    return room["hands"] if are_hands(room.get("hands"), len(choices)) else None


def verdict(hands, choices, truth):
    """Return the room beside the truth, in words.

    >>> verdict([3, 12, 9], ["same", "shrinks", "grows"], "grows")
    'The answer: grows. 9 of 24 in the room had it (same 3, shrinks 12, grows 9).'
    """
    if not sum(hands):
        return f"The answer: {truth}."
    had, counts = hands[choices.index(truth)], ", ".join(map("{} {}".format, choices, hands))
    return f"The answer: {truth}. {number(had, 0)} of {number(sum(hands), 0)} in the room had it ({counts})."


def bars(hands, earlier, choices, truth):
    """Return what the card draws: a share of the room for each choice, and one of the rooms before, with its words."""
    rows = {"room": hands, "before": earlier}
    shares = {name: [n / (sum(row) or 1) for n in row] for name, row in rows.items() if sum(row)}
    texts = {f"{name}_texts": [f"{n} of {sum(row)}" for n in row] for name, row in rows.items() if sum(row)}
    return shares | texts | {"truth": choices.index(truth)}
