"""Answers with one syntax tree: pairs for a person to look at. Never a verdict, and no point depends on them."""

from functools import lru_cache
from itertools import combinations, islice
from math import comb

from course_lib.checks import LESSONS, find
from course_lib.checks.bench import source_of
from course_tools.grading.judging import tree_digest
from course_tools.grading.page import code, page, text
from course_tools.grading.trees import tree

SMALL = 30  # nodes: so short an answer is written alike by people who never met
MOST = 200  # pairs on the page
LEAD = (
    "These answers have the same syntax tree once names, comments and docstrings are taken away, and are none of the "
    "course's own. People who learn together, or from the same page, write alike: read both before you think anything."
)


def alike(rows):
    """Return {(lesson, function, tree): {learner: record}} of the answers that more than one learner gave."""
    groups = {}
    for row in rows:
        for record in row["exercises"]:
            known = record["tree"] in shared(record["lesson"], record["function"])
            if record["tree"] and record["nodes"] >= SMALL and not known:
                key = record["lesson"], record["function"], record["tree"]
                groups.setdefault(key, {})[row["learner"]] = record | {"learner": row["learner"]}
    return {key: groups[key] for key in sorted(groups) if len(groups[key]) > 1}


def pairs(groups):
    """Yield (lesson, function, one record, other record) for answers of two learners that are alike."""
    for (lesson, function, _), group in groups.items():
        yield from ((lesson, function, one, other) for one, other in combinations(group.values(), 2))


@lru_cache(maxsize=256)
def shared(lesson, function):
    """Return the trees that the course itself hands out: the reference, other right answers, known mistakes."""
    exercise = find(function, lesson)
    mistakes = [code for m in exercise.mistakes for code in (m.code, *m.variants)]
    bodies = [exercise.reference, *exercise.alternatives, *mistakes]
    return frozenset(tree_digest(tree(source_of(exercise, body), function)) for body in bodies)


def similar_report(rows):
    """Return the page with both sources of every pair."""
    groups = alike(rows)
    shown = [_pair(pair) for pair in islice(pairs(groups), MOST)]  # of ten thousand alike there are fifty million pairs
    left = sum(comb(len(group), 2) for group in groups.values()) - len(shown)
    more = f"<p>{left} more pairs are not shown.</p>" if left else ""
    return page("Similar answers", "\n".join([f"<p>{text(LEAD)}</p>", *shown, more]))


def _pair(pair):
    lesson, function, one, other = pair
    number = next(e.number for e in LESSONS[lesson] if e.name == function)
    halves = [f"<div><h3>{text(r['learner'])}</h3>{code(r['answer'])}</div>" for r in (one, other)]
    return f'<section><h2>{number} {text(function)}</h2><div class="pair">{"".join(halves)}</div></section>'
