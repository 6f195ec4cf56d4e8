"""What a learner sees of a check: one result in a notebook, as plain text, as HTML and in a terminal.

check, hint = for_lesson("03_scaling")
check(scale)        the verdict: shown when right, raised as NotYet when not
hint("scale", 2)    the second of three hints
progress()          how far you are, lesson by lesson, and what is next
"""

from course_lib.feedback.hints import IN_A_TERMINAL, hint_on
from course_lib.feedback.lesson import for_lesson
from course_lib.feedback.pictures import PICTURES
from course_lib.feedback.shown import BRIGHT, INK, NotYet, Shown, shown
from course_lib.feedback.standing import Standing, progress, standing

__all__ = [
    "BRIGHT",
    "INK",
    "IN_A_TERMINAL",
    "PICTURES",
    "NotYet",
    "Shown",
    "Standing",
    "for_lesson",
    "hint_on",
    "progress",
    "shown",
    "standing",
]
