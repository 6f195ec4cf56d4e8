"""Where a course keeps its text and its notebooks, and which exercises it has."""

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class BuildError(Exception):
    """What keeps a notebook from being built: sentences, each with its file and line."""

    def __init__(self, *sentences):
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


def shipped_exercises():
    from course_lib.checks import EXERCISES

    return EXERCISES


@dataclass(frozen=True)
class Course:
    """A folder with `content/` in it. Tests make small ones; `Course()` is this repository."""

    root: Path = ROOT
    exercises: tuple = field(default_factory=shipped_exercises)

    def source(self, kind, stem):
        """`content/lessons/03_scaling.md`; kind is "lessons" or "exercises"."""
        return self.root / "content" / kind / f"{stem}.md"

    def built(self, folder, stem):
        """`notebooks/03_scaling.ipynb`; folder is "notebooks", "exercises" or "solutions"."""
        return self.root / folder / f"{stem}.ipynb"

    @property
    def instructors(self):
        return self.root / "docs" / "instructors.md"

    @property
    def mistakes(self):
        return self.root / "docs" / "mistakes.md"

    def sources(self, stems=None):
        """[(kind, stem)] in the order of the lessons, a lesson before its exercises.

        A stem may be cut short ("03"). BuildError for one that fits nothing.
        """
        there = sorted(
            (path.stem, kind) for kind in ("lessons", "exercises") for path in self.source(kind, "").parent.glob("*.md")
        )
        known = sorted({stem for stem, _ in there})
        wanted = known if not stems else [stem for short in stems for stem in self._complete(short, known)]
        return [(kind, stem) for stem in wanted for kind in ("lessons", "exercises") if (stem, kind) in there]

    @staticmethod
    def _complete(short, known):
        found = [stem for stem in known if stem.startswith(Path(short).stem)]
        if not found:
            raise BuildError(f"There is no lesson {short}. The lessons are: {', '.join(known) or 'none yet'}.")
        return found

    def of_lesson(self, stem):
        """{name: Exercise} of one lesson, in order."""
        return {exercise.name: exercise for exercise in self.exercises if exercise.lesson == stem}

    def shown(self, path):
        """The path as a message names it: from the course's root, with slashes."""
        return path.relative_to(self.root).as_posix()
