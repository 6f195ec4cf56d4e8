"""`course grade FOLDER --out DIR --explain LEARNER EXERCISE`: one answer again, with every case that it met."""

from course_lib.checks import LESSONS, find
from course_lib.checks.evidence import evidence
from course_tools.grading.gathering import gather, printable
from course_tools.grading.judging import Jailed
from course_tools.grading.learner import chosen, rows_of, task_of


def explain(batch, learner, name):
    """Return the lines that tell how an answer did on each case. Raises ValueError with a sentence."""
    learners, learner = gather(batch.folder), printable(learner)
    if learner not in learners:
        near = [who for who in learners if learner.lower() in who.lower()][:5]
        raise ValueError(f"Nobody called {learner} handed in.{f' There is {near[0]}.' if near else ''}")
    try:
        exercise = find(name, batch.only or None)
    except LookupError as problem:
        raise ValueError(str(problem)) from None
    judge = Jailed()
    try:
        task = task_of(learner, learners[learner], batch.secret, "", exercise.lesson, batch.deadlines)
        row, notebook = chosen(judge, task).get(exercise.lesson, (None, None))
        if row is None:
            raise ValueError(f"{learner} handed in nothing for {exercise.lesson}.{_unusable(judge, task)}")
        with judge.sit(notebook, batch.secret, row["sha256"]) as sitting:
            for each in LESSONS[exercise.lesson][: LESSONS[exercise.lesson].index(exercise) + 1]:  # as it was graded
                result, trial = sitting.ask(each, every=each is exercise)
        return [f"{row['file']}, {exercise.key}", result.record()["message"], *(_cases(trial) if trial else [])]
    finally:
        judge.close()


def _unusable(judge, task):
    """Return what is wrong with the files of a learner that were of no use."""
    return "".join(f" {row['file']} {row['reason']}." for row in rows_of(judge, task) if not row["max_points"])


def _cases(trial):
    for i, verdict in sorted(trial.verdicts.items()):
        case, call = trial.bench.cases[i], trial.calls[i]
        said = evidence(trial.exercise, case, call, verdict) if verdict.what else ""
        yield f"{i + 1}. {case.kind}{', ' + case.says if case.says else ''}: {verdict.what or 'right'}. {said}".rstrip()
