"""All exercises: `EXERCISES` in order, `LESSONS` by stem, `find` by name."""

from course_lib.checks import (
    dot_product,
    embeddings,
    masking,
    multi_head,
    scaling,
    softmax,
    sparse_patterns,
    why_attention,
)

IN_ORDER = why_attention, embeddings, dot_product, scaling, softmax, masking, multi_head, sparse_patterns
LESSONS = {module.LESSON: module.EXERCISES for module in IN_ORDER}
EXERCISES = tuple(exercise for exercises in LESSONS.values() for exercise in exercises)


def find(name, lesson=None):
    """Return the exercise called `name`: "scale", "3.2", "03_scaling/scale", or "scale" of the given lesson.

    Raises LookupError with a sentence for a name that is unknown, or that stands in two lessons.
    """
    if "/" in name:
        lesson, name = name.split("/", 1)
    found = [e for e in EXERCISES if name in (e.name, e.number) and lesson in (None, e.lesson)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LookupError(f"{name} stands in two lessons: write {' or '.join(e.key for e in found)}.")
    known = ", ".join(e.name for e in LESSONS.get(lesson, EXERCISES))
    unknown = f"There is no exercise called {name}" if name else "No exercise is named"
    raise LookupError(f"{unknown}{f' in {lesson}' if lesson else ''}. There are: {known}.")
