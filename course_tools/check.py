"""`course check`: the verdicts of a notebook's checks, without a notebook."""

import contextlib
import json as as_json
import os
import sys
from dataclasses import replace

from course_lib import feedback, progress
from course_lib.checks.result import score
from course_tools.answers import judged, results
from course_tools.notebooks import Unusable
from course_tools.targets import targets

SAVE = "if it stands in JupyterLab, save there and run this again."
UNSAVED = f"an answer of yours had {{}} already: {SAVE}"


def check_file(path):
    """Return one record per exercise of the notebook's lesson, as `course check --json` prints them.

    Raises Unusable with a sentence when the file is no exercise notebook.
    """
    return [result.record() for result in results(path)]


def main(word=None, json=False):
    """Print the verdicts. Return 0 when all are correct, 1 otherwise, 2 when the word or the file cannot be used."""
    try:
        meant = targets(word)
        found = [(target, _judged(target)) for target in meant]
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing was changed.", file=sys.stderr)
        return 130
    flat = [result for _, results in found for result in results]
    if json:
        print(as_json.dumps([result.record() for result in flat], ensure_ascii=True, indent=1))
    else:
        print("\n\n".join(_words(target, results, brief=word is None) for target, results in found))
    return 0 if all(result.outcome == "correct" for result in flat) else 1


def _judged(target):
    with silent():
        found = judged(target.path, target.exercises)
    return [recorded(result, source, target.path) for result, source in found]


def recorded(result, source, path):
    """Keep the result and the answer in the learner's folder; return the result, with a remark where that failed.

    There is another where a better answer was checked than the one on disk: often it stands in JupyterLab, unsaved.
    """
    folder = progress.work_dir(path.parent)
    more = [progress.record(result, folder, source)]
    wanting = folder and result.points < result.max_points
    before = progress.best(folder).get((result.lesson, result.function), 0) if wanting else 0
    better = before if before > result.points else 0
    more.append(better and UNSAVED.format(score(better, result.max_points)))
    return replace(result, remarks=(*result.remarks, *filter(None, more)), better=better)


@contextlib.contextmanager
def silent():
    """Nothing that an answer writes reaches our standard output: not by os.write, not by a program it starts."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _words(target, found, brief):
    """Return what to print of a notebook; `brief`: of a lesson that is not begun, its points alone."""
    lesson, colour = found[0].lesson, sys.stdout.isatty()
    begun = any(result.outcome != "not attempted" or result.remarks for result in found)
    said = [feedback.shown(result).terminal(colour) for result in found if begun or not brief]
    points, most = sum(result.points for result in found), sum(result.max_points for result in found)
    total = f"{lesson}: {score(points, most)}." if len(found) > 1 else ""
    if lesson not in target.path.stem and progress.work_dir(target.path.parent):
        said.insert(0, f"{lesson}, from {target.path.name}")
    return "\n\n".join(filter(None, [*said, total]))
