"""What was saved since the last look: which answers of which notebook, and which notebooks cannot be read."""

from course_tools.answers import source_in
from course_tools.notebooks import Unusable, read_cells

PATIENCE = 10  # looks at a file that cannot be read, before that is told: it may be half saved


class Saves:
    """Notebooks on disk; `answers[path]` holds {key of an exercise: the cell's text} as last read."""

    def __init__(self, targets):
        self.targets = targets
        self.answers, self.others, self.stamps, self.failed = {}, {}, {}, {}
        self.problems = []  # sentences to tell
        for target in targets:
            self._look_at(target)

    def look(self):
        """Return (target, exercises whose answers changed) for each notebook whose code changed since the last look."""
        found = [(target, self._look_at(target)) for target in self.targets]
        return [(target, changed) for target, changed in found if changed is not None]

    def readable(self, path):
        """Could the notebook be read when it was last looked at?"""
        return path not in self.failed

    def _look_at(self, target):
        path, stamp = target.path, _stamp(target.path)
        if stamp == self.stamps.get(path, "") and not 0 < self.failed.get(path, 0) < PATIENCE:
            return None
        self.stamps[path] = stamp
        try:
            cells = read_cells(path)
        except Unusable as problem:
            self.failed[path] = self.failed.get(path, 0) + 1
            if self.failed[path] == PATIENCE:
                self.problems.append(str(problem))
            return None
        mended = self.failed.pop(path, 0) >= PATIENCE
        before, other = self.answers.get(path, {}), self.others.get(path)
        self.answers[path] = {exercise.key: source_in(cells, exercise) for exercise in target.exercises}
        self.others[path] = [cell.text for cell in cells]
        if not mended and self.others[path] == other:
            return None  # saved, and no code is different
        return [e for e in target.exercises if self.answers[path][e.key] != before.get(e.key)]


def _stamp(path):
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
