"""The pages for whoever teaches: minutes that sum to the hour, what to draw, wrong answers, and drift that is told."""

from dataclasses import replace
from itertools import pairwise

import pytest
import tiny_course as tiny

from course_lib.checks import EXERCISES
from course_lib.checks.exercise import Mistake
from course_tools import build as builder
from course_tools.build import hour, instructors, make, mistakes, source
from course_tools.build.places import Course

WRONG = Mistake("divided-by-d-k", "return scores / d_k", "Your {spread:.3g} is {{too}} *small*.", question="Which way?")


def taught(tmp_path, lesson=tiny.LESSON, wrong=(WRONG,)):
    course = tiny.course(tmp_path, lesson)
    return tiny.Course(tmp_path, (replace(course.exercises[0], mistakes=wrong),))


def test_the_minutes_of_every_lesson_sum_to_its_hour_and_none_lie_behind_the_cut():
    course = Course()
    for kind, stem in course.sources():
        if kind == "lessons":
            lesson = source.read(course.source(kind, stem))
            sections = hour.sections(lesson)
            assert sum(section.minutes for section in sections) == lesson.course["minutes"]
            assert not any(section.minutes for section in sections if section.extra)
            assert [section.extra for section in sections] == sorted(section.extra for section in sections)
            shown = [section for section in sections if section.last]
            on_wall = sum(cell.meta.get("slide") in ("slide", "subslide") for cell in lesson.in_notebook())
            assert (shown[0].first, shown[-1].last) == (1, on_wall)
            gaps = [after.first - before.last for before, after in pairwise(shown)]
            assert set(gaps) <= {0, 1, 2} and gaps.count(2) <= 1  # the line of the cut is a slide of its own


def test_minutes_follow_the_weights_and_are_whole():
    assert hour.shared(45, [1, 1, 1]) == [15, 15, 15]
    assert sum(hour.shared(20, [0.3, 2.5, 1.1, 7])) == 20
    assert hour.shared(5, [0, 1]) == [0, 5]


def test_a_guess_takes_longer_than_a_figure_and_a_figure_longer_than_a_printed_row(tmp_path):
    weights = []
    for code in ("np.arange(3) * 2", "ScalingView(d_k=4)", 'Predict("a", "b", "number", 1, ScalingView(d_k=4))'):
        lesson = tiny.LESSON.replace("np.arange(3) * 2", code)
        course = tiny.course(tmp_path / str(len(weights)), lesson)
        weights.append(hour.weight(hour.sections(source.read(course.source("lessons", "03_scaling")))[-1]))
    assert weights[0] < weights[1] < weights[2]


def test_the_page_has_minutes_the_cut_the_board_and_wrong_answers(tmp_path):
    lesson = tiny.LESSON.replace("Ask who expected an error.", "Ask who expected an error. Draw three dots. Wait.")
    lesson = lesson.replace('+++ {"cut": true, "slide": "slide"}', '+++ {"cut": true, "slide": "slide"}\n\n## Deeper')
    page = make.instructors_page(taught(tmp_path, lesson))
    assert "| Look | 2 |" in page and "| **5** | **cut:" in page and "|  | Deeper | 3 |" in page
    assert "**To draw:**\n\n- Draw three dots.\n" in page
    assert "- 3.2 scale, 5 minutes: `return scores / d_k`\n" in page
    assert page.index("## 03 Doubling") < page.index("| Look") < page.index("To draw") < page.index("### Look")


def test_wrong_answers_that_find_no_room_are_counted_and_linked_by_their_heading(tmp_path):
    course = taught(tmp_path, wrong=tuple(replace(WRONG, id=f"wrong-{n}") for n in range(instructors.SHOWN + 2)))
    assert "; `return scores / d_k`, [and 2 more](mistakes.md#32-scale)\n" in make.instructors_page(course)
    assert "\n### 3.2 scale\n" in mistakes.page(course.exercises)  # GitHub's address of it: lower case, no full stops


def test_a_section_that_is_not_on_the_wall_has_no_slide(tmp_path):
    lesson = tiny.LESSON.replace('"subslide"', '"skip"').replace(":slide: fragment", ":slide: skip")
    assert "| Look |  |" in make.instructors_page(taught(tmp_path, lesson))


def test_the_page_lists_the_guesses_with_their_slides_and_never_the_truth(tmp_path):
    lesson = tiny.LESSON.replace(
        "np.arange(3) * 2", 'Predict("k", "who wins", ["cat", "dog"], truth=f"{3}")\nPredict("l", "by", "number", 7)'
    )
    page = make.instructors_page(taught(tmp_path, lesson))
    assert "show of hands:**\n\n- slide 2: who wins: cat / dog\n- slide 2: by: a number\n\n" in page


def test_the_page_of_an_older_builder_is_followed_not_doubled(tmp_path):
    course = taught(tmp_path)
    page = make.instructors_page(course)
    old = page.replace(instructors.BEGIN, "<!-- notes: written by `course build` from cells; edit those -->")
    course.instructors.parent.mkdir()
    course.instructors.write_text(old, encoding="utf-8")
    assert make.instructors_page(course) == page


def test_a_mistake_is_told_with_its_code_its_words_and_its_question(tmp_path):
    page = mistakes.page(taught(tmp_path).exercises)
    assert "1 wrong answers to 1 exercises" in page and "## 03_scaling\n\n### 3.2 scale\n" in page
    assert "**divided-by-d-k**\n\n```python\nreturn scores / d_k\n```\n" in page
    assert "> Your ⟨spread⟩ is {too} \\*small\\*. Which way?\n" in page


def test_every_mistake_of_the_catalogue_stands_on_the_page_once():
    page = mistakes.page(EXERCISES)
    for exercise in EXERCISES:
        part = page.partition(f"\n### {mistakes.title(exercise)}\n")[2].partition("\n### ")[0]
        told = [line for line in part.splitlines() if line.startswith("**")]
        assert told == [f"**{mistake.id}**" for mistake in exercise.mistakes]


def test_no_mistakes_no_page(tmp_path):
    assert mistakes.page(taught(tmp_path, wrong=()).exercises) == ""


@pytest.mark.parametrize("name", ["instructors", "mistakes"])
def test_a_page_that_was_edited_by_hand_is_drift(tmp_path, name):
    course = taught(tmp_path)
    for path, text in make.pages(course).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path = getattr(course, name)
    assert not any(f"docs/{name}.md" in said for said in builder.build_check(course=course))
    path.write_text(path.read_text(encoding="utf-8").replace("d_k", "d", 1), encoding="utf-8")
    said = builder.build_check(course=course)
    assert f"docs/{name}.md differs from what the lessons and the checks say: run `course build`." in said
