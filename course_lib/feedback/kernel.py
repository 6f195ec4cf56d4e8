"""What the checks ask of the notebook's kernel: to be told when their names are lost or taken."""

import sys
from pathlib import Path

from course_lib import progress
from course_lib.checks import LESSONS
from course_lib.feedback import latest
from course_lib.feedback.called import called

OURS = {}  # name -> what the first cell made of it, in this kernel
LESSON = []  # the lesson whose cells were bound last


def attend(lesson, names):
    """From now on, explain an answer that the kernel does not know, is called or no cell makes any more, and a name
    taken."""
    shell = _shell()
    if shell is None:
        return
    OURS.update(names)
    LESSON[:] = [lesson]
    latest.begin(lesson, shell.user_ns)
    shell.set_custom_exc((NameError, TypeError), explain)
    shell.events.register("post_run_cell", after_a_cell)  # a second time changes nothing


def _shell():
    if "IPython" not in sys.modules:  # `course check` does not pay for its import
        return None
    from IPython import get_ipython

    return get_ipython()


def explain(shell, kind, error, trace, tb_offset=None):
    """Show a sentence in place of the traceback where a cell names an exercise that this kernel has not met, or calls
    one for check."""
    said = lost(error, trace, LESSON[0], start=Path.cwd()) if LESSON else None
    if said:
        error._render_traceback_ = lambda: said
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def lost(error, trace, lesson, start=None):
    """Return lines about an exercise of the lesson that a cell calls for check, or names and the kernel does not know,
    else None."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_code.co_name != "<module>":
        return None
    name = getattr(error, "name", None)
    if name not in [exercise.name for exercise in LESSONS.get(lesson, ())]:
        said = called(lesson, trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        return [said] if said else None
    first = f"{name} is not known to this kernel: run the cell with def {name} first, then this one."
    more = "After a restart, run your answers' cells again."  # Run All would stop at the first check that is not right
    said = latest.never_made(lesson, name).splitlines() or [first, more]
    return [line for line in (*said, progress.how_back(lesson, name, start=start)) if line]


def after_a_cell(run):
    """Look at what IPython says of the cell that has just run."""
    names = _shell().user_ns
    latest.note(run, names)
    tell_of_lost_names(names)


def tell_of_lost_names(names):
    """Print a line when a cell has given check, hint or np to something else."""
    for name, ours in list(OURS.items()):
        if names.get(name, ours) is not ours and not _is_another_of_ours(names[name]):
            del OURS[name]  # say it once
            print(f"This cell made {name} something else: use another name there, then run the first cell again.")


def _is_another_of_ours(thing):
    return str(getattr(thing, "__module__", "")).startswith("course_lib.feedback")
