"""The text of attention.py: a learner's six functions, what they need, and the lines of ours that join them."""

from dataclasses import dataclass

from course_lib import given
from course_lib.checks.exercise import Exercise
from course_lib.checks.remarks import names_made
from course_tools.answers import answer_cell
from course_tools.borrowing import Cell, borrowed, names_needed

HEAD = """\
\"\"\"Attention, made of your own functions by `course assemble`, which leaves your notebooks as they are.\"\"\"

import numpy as np
"""
GIVEN = "from course_lib.given import {}  # the course's own: your functions call them\n"
JOINTS = '''
# Ours: the lines that join them


def all_scores(Q, K):
    """Return the scores (..., n_q, n_k). dot_scores knows two axes, so it is called once per slice."""
    batch = np.broadcast_shapes(Q.shape[:-2], K.shape[:-2])
    Q, K = np.broadcast_to(Q, batch + Q.shape[-2:]), np.broadcast_to(K, batch + K.shape[-2:])
    scores = [dot_scores(Q[place], K[place]) for place in np.ndindex(batch)]
    return np.array(scores).reshape(*batch, Q.shape[-2], K.shape[-2])


def attention(Q, K, V, allowed=None):
    """Return the output (..., n_q, d_v). A mask hides keys: allowed (..., n_q, n_k), True = may look."""
    Q, K, V = np.asarray(Q), np.asarray(K), np.asarray(V)
    scores = scale(all_scores(Q, K), K.shape[-1])
    allowed = np.ones(scores.shape, bool) if allowed is None else allowed
    return weighted_sum(masked_softmax(scores, allowed), V)


def multi_head(X, W_q, W_k, W_v, W_o, n_heads, allowed=None):
    """Return the output (..., n, d_model) of n_heads attentions side by side, the same mask for all of them."""
    Q, K, V = (split_heads(X @ W, n_heads) for W in (W_q, W_k, W_v))
    allowed = None if allowed is None else np.asarray(allowed)[..., None, :, :]
    return merge_heads(attention(Q, K, V, allowed)) @ W_o
'''
TWICE = "{0} is made in {1} and in {2}, and not the same way: give one of them another name, and save."


class Clash(Exception):
    """Two parts that cannot stand in one file; the text says how to part them."""


@dataclass(frozen=True)
class Part:
    """What one answer needs: statements in order, where they come from, and the course's functions that they call."""

    file: str
    statements: tuple[str, ...]
    calls: frozenset[str]


def part_of(cells: list[Cell], exercise: Exercise, file: str) -> Part:
    """Return the function of an exercise and whatever of its notebook it needs, and nothing else of its cells."""
    answer = answer_cell(cells, exercise)
    earlier = set(given.for_lesson(exercise.lesson, before=exercise.number)) - answer.makes
    others = [cell for cell in cells if cell is not answer]
    wanted = Cell("", exercise.name, "")  # a cell that asks for the function; the last one that makes it is the answer
    texts = [
        found.text.strip("\n") for found in borrowed(wanted, [*others, answer], earlier - {exercise.name} | {"np"})
    ]
    return Part(file, tuple(texts), frozenset(earlier & set().union(*map(names_needed, texts))))


def source_of(parts: list[Part]) -> str:
    """Return the text of attention.py. Raises Clash where two notebooks mean different things by a name."""
    made = {name: (JOINTS, "the lines that join them") for name in names_made(JOINTS)}
    blocks = []
    for part in parts:
        fresh = [text for text in part.statements if not _stands(text, part.file, made)]
        blocks.append(f"# Yours, from {part.file}\n\n\n" + "\n\n\n".join(fresh))
    calls = sorted(set().union(*(part.calls for part in parts)) - set(made))
    head = HEAD + (GIVEN.format(", ".join(calls)) if calls else "")
    return "\n\n\n".join([head.rstrip("\n"), *blocks, JOINTS.lstrip("\n")])


def _stands(text: str, file: str, made: dict) -> bool:
    """Is this statement in the file already? If not, note the names that it makes."""
    for name in names_made(text):
        if name in made and made[name][0] != text:
            raise Clash(TWICE.format(name, made[name][1], file))
    known = all(name in made for name in names_made(text))
    made |= {name: (text, file) for name in names_made(text)}
    return known
