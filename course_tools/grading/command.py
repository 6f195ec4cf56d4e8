"""`course grade FOLDER --out DIR`: the words on the command line, and the files that a batch leaves."""

import sys
from collections import Counter
from itertools import groupby

from course_lib.checks import LESSONS
from course_tools.grading import seccomp
from course_tools.grading.batch import Batch, Refused, run, secret_of
from course_tools.grading.class_report import class_report
from course_tools.grading.deadlines import Deadlines, read_deadlines
from course_tools.grading.explain import explain
from course_tools.grading.gradebook import canvas, gradebook
from course_tools.grading.reports import file_name, report
from course_tools.grading.similar import similar_report
from course_tools.targets import lesson_named
from course_tools.work import write_atomically

NO_JAIL = (
    "Learners' code runs in a jail that this system does not have: grade in a container "
    "(docs/grading.md, `In a container`), or add --trusted if all of the answers are your own."
)
SEE = "See class.html, gradebook.csv, similar.html and reports/ in {}."
PART = "That is {}. When all shards are done, the same command without --shard merges them."
ABSENT = "{} gives {} more time, who handed in nothing: is that the name in gradebook.csv?"
STUCK = "{} cannot be used ({}): mend that and run the same command again, which goes on from here."


def main(folder, out, secret=None, jobs=1, shard=None, lesson="", deadline=None, trusted=False, told=(), cluster=None):
    """Grade, write, and say what was found. Return 0, or 2 with a sentence when the words make no batch."""
    try:
        if not trusted and not seccomp.available():
            raise Refused(NO_JAIL)
        batch = _batch(folder, out, secret, shard, lesson, deadline)
        if told:
            print("\n".join(map(printable_lines, explain(batch, *told))))
            return 0
        rows = _run(batch, jobs, trusted, cluster)
    except (Refused, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except OSError as problem:
        print(STUCK.format(problem.filename or "The disk", problem.strerror or problem), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again: it goes on from here.", file=sys.stderr)
        return 130
    if batch.shard is None:
        write_all(out, rows)
        for who in batch.deadlines.absent(row["learner"] for row in rows):
            print(ABSENT.format(deadline, who), file=sys.stderr)
    print(summary(rows), SEE.format(out) if batch.shard is None else PART.format(batch.path), sep="\n")
    return 0


def _batch(folder, out, secret, shard, lesson, deadline):
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder: name the one that holds what was handed in.")
    only = lesson_named(lesson) if lesson else ""
    if only is None:
        raise Refused(f"There is no lesson {lesson}. There are: {', '.join(LESSONS)}.")
    if out.resolve().is_relative_to(folder.resolve()):
        raise Refused(f"{out} lies in {folder}: results beside hand-ins would be graded, so choose another --out.")
    shard = _shard(shard)
    out.mkdir(parents=True, exist_ok=True)
    deadlines = read_deadlines(deadline) if deadline else Deadlines()
    return Batch(folder, out, secret_of(out, secret, shard), shard, only, deadlines)


def _shard(text):
    if not text:
        return None
    i, slash, n = text.partition("/")
    if not (slash and i.isdigit() and n.isdigit() and 1 <= int(i) <= int(n)):
        raise Refused(f"{text} is no shard: the second of eight is 2/8.")
    return int(i), int(n)


def _run(batch, jobs, trusted, cluster):
    from course_tools.grading import progress

    if trusted:
        from course_tools.grading.trusted import rows_here as graded
    elif cluster is not None:
        from course_tools.grading.cluster import cluster_rows

        def graded(tasks):
            return cluster_rows(tasks, cluster, jobs)
    else:
        from course_tools.grading.workers import pool_rows

        def graded(tasks):
            return pool_rows(tasks, jobs)

    with progress.shown() as told:
        return run(batch, graded, told)


def write_all(out, rows):
    """Write what is made from the rows."""
    write_atomically(out / "gradebook.csv", gradebook(rows).encode())
    write_atomically(out / "canvas.csv", canvas(rows).encode())
    write_atomically(out / "class.html", class_report(rows).encode())
    write_atomically(out / "similar.html", similar_report(rows).encode())
    for learner, own in groupby(rows, key=lambda row: row["learner"]):
        write_atomically(out / "reports" / file_name(learner), report(learner, list(own)).encode())


def printable_lines(text):
    """Return a text whose control characters cannot draw in a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def summary(rows):
    """Return a line: how many learners, and how many files of which kind."""
    counts = Counter(row["status"] for row in rows)
    said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    learners = len({row["learner"] for row in rows})
    return f"{learners} learner{'s' * (learners != 1)}: {said or 'nothing was handed in'}."
