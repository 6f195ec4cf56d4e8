"""`course assemble`: work/attention.py, made of the learner's own right functions, and the checks of 5.5 and 6.3 on it.

Six functions of five notebooks are taken; what joins them stands in assembled.py.
"""

import linecache
import sys
from pathlib import Path

from course_lib import feedback, given
from course_lib.checks import find
from course_lib.checks.exercise import Exercise
from course_lib.checks.judge import judge
from course_lib.checks.result import Result, refused
from course_lib.checks.running import quiet
from course_tools.answers import judge_answer
from course_tools.assembled import Clash, part_of, source_of
from course_tools.check import silent
from course_tools.keeping import write_keeping
from course_tools.notebooks import Unusable, read_cells
from course_tools.targets import notebook_of, work_folder
from course_tools.work import trouble

EXERCISES = (
    "02_dot_product/dot_scores",
    "03_scaling/scale",
    "05_masking/masked_softmax",
    "04_softmax/weighted_sum",
    "06_multi_head/split_heads",
    "06_multi_head/merge_heads",
)
CHECKS = ("05_masking/attention", "06_multi_head/multi_head")
NOT_YET = "attention.py wants all six right: mend {}, save, and run `course assemble` again. Nothing was written."
MADE = (
    "{} is written, made of your six functions. A notebook that stands in {}/ can say: from attention import attention"
)


def main() -> int:
    """Write attention.py and print the verdicts. Return 0 when all is right, 1 when not, 2 without notebooks."""
    try:
        work = work_folder()
        with silent():
            found = [_found(find(key)) for key in EXERCISES]
        print("\n".join(feedback.shown(result).lines[0] for _, result in found), end="\n\n")
        wrong = [result.function for _, result in found if result.outcome != "correct"]
        if wrong:
            print(NOT_YET.format(", ".join(wrong)))
            return 1
        path, text = work / "attention.py", source_of([part_of(*where) for where, _ in found])
        kept = write_keeping(path, text.encode("utf-8"))
    except Unusable as problem:
        return _said(problem, 2)
    except Clash as problem:
        return _said(problem, 1)
    except OSError as error:
        return _said(trouble(error, "work/"), 1)
    except KeyboardInterrupt:
        return _said("\nStopped. Run `course assemble` again.", 130)
    print(MADE.format(path, work.name))
    if kept:
        print(f"What stood there before is kept: {kept.name}.")
    return _checked(path, text)


def _said(problem: object, code: int) -> int:
    print(problem, file=sys.stderr)
    return code


def _found(exercise: Exercise) -> tuple[tuple, Result]:
    """Return (cells of the notebook, exercise, its file's name) and the verdict on the answer there."""
    path = notebook_of(exercise.lesson)
    cells = read_cells(path)
    return (cells, exercise, path.name), judge_answer(cells, exercise)


def _checked(path: Path, text: str) -> int:
    """Print what the checks say of the file's attention and multi_head. Return 0 when both are right, else 1."""
    linecache.checkcache(str(path))  # messages quote its lines
    with silent():
        results = [_verdict(find(key), path, text) for key in CHECKS]
    print("\n" + "\n\n".join(feedback.shown(result).terminal(sys.stdout.isatty()) for result in results))
    return 0 if all(result.outcome == "correct" for result in results) else 1


def _verdict(exercise: Exercise, path: Path, text: str) -> Result:
    scope = {"__name__": path.stem}
    try:
        with quiet():
            exec(compile(text, str(path), "exec"), scope)
    except Exception as problem:
        return refused(exercise, f"{path.name} stopped with {type(problem).__name__}: {problem}.")
    return judge(exercise, scope[exercise.name], given.for_lesson(exercise.lesson, before=exercise.number))
