"""Small courses in a temporary folder, for the tests of the builder."""

import textwrap

from course_lib.checks.exercise import Exercise
from course_tools.build import make
from course_tools.build.places import Course

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
    jupytext_version: 1.19.6
kernelspec:
  display_name: Python 3 (ipykernel)
  language: python
  name: python3
course:
  title: Doubling
  minutes: 5
  claims: {claims}
---

"""

CLAIMS_LINE = HEADER.splitlines().index("  claims: {claims}") + 1

LESSON = """\
+++ {"slide": "slide"}

# 03 Doubling

*5 minutes · you need: addition · you leave with: multiplication by 2*

+++ {"slide": "notes"}

Wait for the first hand.

+++ {"slide": "subslide"}

## Look

```{code-cell}
:slide: fragment

import numpy as np

np.arange(3) * 2
```

+++ {"slide": "notes"}

Ask who expected an error.

+++ {"cut": true, "slide": "slide"}

Every entry was doubled.
"""

EXERCISES = '''\
# 03 Doubling: exercises

```{code-cell}
from course_lib.feedback import for_lesson

check, hint = for_lesson("03_scaling")
```

+++

## {{ scale }}

Divide well.

```{code-cell}
def scale(scores, d_k):
    """scores (..., n_q, n_k), d_k int -> the same shape."""
    ### BEGIN SOLUTION
    # The spread of a sum of d_k terms is the root of d_k.
    return scores / d_k**0.5
    ### END SOLUTION
```

```{code-cell}
check(scale)
```
'''


def scale(scores, d_k):
    """Stands for the loop spec; only its name and arguments matter to the builder."""


SCALE = Exercise(
    lesson="03_scaling",
    number="3.2",
    spec=scale,
    reference="return scores / d_k**0.5",
    promise="",
    points=2,
    difficulty=1,
    importance=5,
    minutes=5,
    hints=("", "", ""),
    inputs=lambda rng: [],
    mistakes=(),
)


def course(root, lesson=LESSON, exercises=None, claims="{}"):
    """Write a course of one lesson (03_scaling) and return it. A body without a title gets one."""
    texts = {"lessons": lesson, "exercises": exercises}
    for kind, text in texts.items():
        if text is not None:
            path = root / "content" / kind / "03_scaling.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(HEADER.replace("{claims}", claims) + text, encoding="utf-8")
    return Course(root, (SCALE,))


def lesson_notebook(course):
    """What the builder makes of the lesson, not executed."""
    made = make.one(course, "lessons", "03_scaling")
    return made.notebooks[course.built("notebooks", "03_scaling")]


def cell(text):
    """A lesson whose one code cell is `text`."""
    return f"# 03 Doubling\n\n```{{code-cell}}\n{textwrap.dedent(text).strip()}\n```\n"


def line(n):
    """The line of the file on which line n of the body stands."""
    return HEADER.count("\n") + n
