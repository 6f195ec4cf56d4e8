"""docs/mistakes.md: every mistake that the checks can name, exercise by exercise, as the catalogue has them."""

import re

BRACES = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")
TOP = """\
# Every mistake that the checks can name

<!-- written by `course build` from course_lib/checks; edit those -->

{count} wrong answers to {exercises} exercises, each with the sentence that a learner reads.
A word such as ⟨spread⟩ stands for a number of the learner's own.
An answer that is wrong in none of these ways gets a counter-example: its own value beside the wanted one.
"""


def page(exercises):
    """The page; "" where the checks know no mistake."""
    exercises = [exercise for exercise in exercises if exercise.mistakes]
    if not exercises:
        return ""
    count = sum(len(exercise.mistakes) for exercise in exercises)
    parts, lesson = [TOP.format(count=count, exercises=len(exercises))], None
    for exercise in exercises:
        if exercise.lesson != lesson:
            lesson = exercise.lesson
            parts.append(f"## {lesson}\n")
        parts.append(f"### {title(exercise)}\n")
        parts += [_told(mistake) for mistake in exercise.mistakes]
    return "\n".join(parts)


def title(exercise):
    """`3.2 scale`, the exercise's heading."""
    return f"{exercise.number} {exercise.name}"


def anchor(exercise):
    """The heading's address on the page, as GitHub makes it: `32-scale`."""
    return re.sub(r"[^\w -]", "", title(exercise)).lower().replace(" ", "-")


def _told(mistake):
    said = " ".join(f"{mistake.message} {mistake.question}".split())
    said = BRACES.sub(r"⟨\1⟩", said).replace("{{", "{").replace("}}", "}")
    said = re.sub(r"([*_<])", r"\\\1", said)  # signs of a formula, not of Markdown
    return f"**{mistake.id}**\n\n```python\n{mistake.code}\n```\n\n> {said}\n"
