"""`course watch`: save, and the verdict on the answer you are at stands in the terminal."""

import sys
from functools import partial

from course_lib import feedback, progress
from course_lib.checks import LESSONS
from course_lib.checks.result import score
from course_lib.progress import best
from course_tools.asking import Judge
from course_tools.keys import Keys
from course_tools.notebooks import Unusable
from course_tools.reset import reset_in
from course_tools.saves import Saves
from course_tools.targets import targets

LOOK, WAIT = 0.03, 0.005  # seconds between two looks: at the files, and at a verdict that is on its way
KEYS = "h hint   n next   r reset   l list   q quit"
WIPE = "\x1b[2J\x1b[H"  # one exercise at a time


def main(word=None):
    """Watch until q or Ctrl+C. Return 0; 2 when the word cannot be used."""
    try:
        session = Session(targets(word), Judge())
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    try:
        with Keys() as keys:
            session.say("Save in JupyterLab, and the verdict stands here. q quits.")
            session.go_to(session.first())
            while not session.over:
                session.press(keys.pressed(WAIT if session.judge.exercise else LOOK))
                session.look()
    except KeyboardInterrupt:
        print()
    finally:
        session.judge.close()
    return 0


class Session:
    """What is watched, the exercise the learner is `at` (a target and an exercise of it), and what is said of it."""

    def __init__(self, targets, judge, say=None, colour=None):
        self.saves, self.judge, self.say = Saves(targets), judge, say or partial(print, flush=True)
        self.colour = sys.stdout.isatty() if colour is None else colour
        self.places = [(target, exercise) for target in targets for exercise in target.exercises]
        self.folder = progress.work_dir(targets[0].path.parent)
        self.at, self.stage, self.over = None, 0, False
        self.wipes = self.colour  # does the next verdict clear the screen?

    def first(self):
        """Return where to begin: at what is next of all that is watched."""
        ahead = feedback.standing(self.folder).next if self.folder else None
        return next((place for place in self.places if place[1] == ahead), self._undone(self.places))

    def _undone(self, places):
        reached = best(self.folder) if self.folder else {}
        undone = (place for place in places if reached.get((place[1].lesson, place[1].name), 0) < place[1].points)
        return next(undone, places[0])

    def go_to(self, place):
        """Turn to an exercise and have it judged as it stands."""
        if self.at is None or self.at[1].lesson != place[1].lesson:
            self.judge.warm(LESSONS[place[1].lesson])
        self.at, self.stage = place, 0
        self._ask()

    def _ask(self):
        target, exercise = self.at
        if self.saves.readable(target.path):
            self.judge.ask(target.path, exercise)

    def look(self):
        """See which answers were saved, and turn to the one that changed; see whether a verdict has come."""
        for target, changed in self.saves.look():
            if self.at[0] is target and (self.at[1] in changed or not changed):
                self._ask()
            elif changed:
                self.go_to((target, changed[0]))
        while self.saves.problems:
            self.say(f"\n{self.saves.problems.pop()}")
        verdict = self.judge.answer()
        if verdict:
            self._show(*verdict)

    def _show(self, result, source):
        target, exercise = self.at
        where = f"{exercise.lesson} · {exercise.number} {exercise.name} · {target.path.name}"
        verdict = feedback.shown(result).terminal(self.colour)
        self.say(f"{WIPE if self.wipes else ''}{where}\n\n{verdict}\n\n{KEYS}")
        self.wipes = self.colour
        source = self.saves.answers[target.path][exercise.key] if source is None else source
        unkept = progress.record(result, self.folder, source)  # after the verdict, which nobody should wait for
        if unkept:
            self.say(f"Remark: {unkept}")

    def press(self, key):
        """Do what a key asks for; other keys ask for nothing."""
        known = {"h": self._hint, "n": self._next, "r": self._reset, "l": self._list, "q": self._quit}
        if key in known:
            known[key]()

    def _hint(self):
        exercise = self.at[1]
        self.stage = min(self.stage + 1, len(exercise.hints))
        said = feedback.hint_on(exercise.name, self.stage, exercise.lesson, ask="h")
        self.say(f"\n{said.terminal(self.colour)}")

    def _next(self):
        i = self.places.index(self.at)
        self.go_to(self._undone([*self.places[i + 1 :], *self.places[: i + 1]]))

    def _reset(self):
        try:
            self.say("\n" + "\n".join(reset_in(self.at[0].path, (self.at[1],))) + "\n")
            self.wipes = False  # the stub's verdict follows at once, and must leave this to be read
        except (Unusable, OSError) as problem:
            self.say(f"\nNothing was reset: {problem}")

    def _list(self):
        reached, lesson = best(self.folder) if self.folder else {}, self.at[1].lesson
        for _, e in self.places:
            if e.lesson == lesson:
                points = score(reached.get((e.lesson, e.name), 0), e.points)
                self.say(f"{'>' if e == self.at[1] else ' '} {e.number:5}{e.name:24}{points}")

    def _quit(self):
        self.over = True
