"""A batch: whoever handed in is graded once, and what an earlier run has done already is not done again."""

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from course_tools.grading import results
from course_tools.grading.deadlines import Deadlines
from course_tools.grading.gathering import gather
from course_tools.grading.learner import task_of
from course_tools.work import write_atomically

SECRET = "secret"  # in the folder of the results, where none was named
SHORTEST = 16  # bytes of a secret


@dataclass(frozen=True)
class Batch:
    """What is graded, and where to. shard: (i, n) or None for all."""

    folder: Path
    out: Path
    secret: bytes
    shard: tuple | None = None
    only: str = ""
    deadlines: Deadlines = field(default_factory=Deadlines)

    @property
    def path(self):
        return self.out / results.shard_name(self.shard)

    def learners(self):
        """Return {learner: files} of this shard."""
        found = gather(self.folder)
        return {who: files for who, files in found.items() if self.shard is None or self._is_ours(who)}

    def _is_ours(self, learner):
        i, n = self.shard
        return int(hashlib.sha256(learner.encode(errors="replace")).hexdigest(), 16) % n == i - 1


class Refused(Exception):
    """A batch that cannot begin; the text says what to do."""


def secret_of(out, path, shard):
    """Return the secret: the named file's, or the one that lies in the folder of the results, made once."""
    if path is None and shard is not None:
        raise Refused("Shards must share a secret: make one (openssl rand -hex 32 > secret) and add --secret secret.")
    if path is None:
        path = out / SECRET
        if not path.exists():
            write_atomically(path, secrets.token_hex(32).encode())
            path.chmod(0o600)
    content = path.read_bytes().strip()
    if len(content) < SHORTEST:
        raise Refused(f"{path} is too short to be a secret: it should hold {SHORTEST} characters or more.")
    return content


def run(batch, graded, told=lambda done, of: None):
    """Grade what is not graded yet, and return all rows, sorted. `graded(tasks)` yields (task, rows) in any order."""
    learners, spec = batch.learners(), results.spec_version(batch.secret)
    known = _known(batch)
    found, done = [], set()

    def tasks():
        for who, files in learners.items():
            task = task_of(who, files, batch.secret, spec, batch.only, batch.deadlines)
            if (who, task.hand_in) in known:
                found.extend(known[who, task.hand_in])
                done.add(who)
                told(len(done), len(learners))
            else:
                yield task

    results.append(batch.path, [])
    started = time.monotonic()
    for task, rows in graded(tasks()):
        results.append(batch.path, rows)
        _note_time(batch, task, time.monotonic() - started)
        found.extend(rows)
        done.add(task.learner)
        told(len(done), len(learners))
    results.finish(batch.path, found)
    return results.in_order(found)


def _known(batch):
    """Return what earlier runs found: this one's file, and for a run over all, those of the shards."""
    paths = [batch.path] if batch.shard else [*sorted(batch.out.glob("results-*-of-*.jsonl")), batch.path]
    known = {}
    for path in paths:
        known |= results.load(path)
    if batch.path.exists():  # a torn line must not be continued
        results.finish(batch.path, [row for rows in results.load(batch.path).values() for row in rows])
    return known


def _note_time(batch, task, seconds):
    """Times differ from run to run: they have a file of their own."""
    row = {"learner": task.learner, "seconds_since_start": round(seconds, 3)}
    results.append(batch.path.with_name(batch.path.name.replace("results", "timings")), [row])
