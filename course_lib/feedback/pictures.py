"""Pictures of a failed check: what was wanted beside what came."""

from course_lib.checks.showing import singular


def draw(exercise, result):
    """Show wanted beside yours, where the exercise has a picture and there is a notebook to show it in."""
    if exercise.picture not in PICTURES or result.got is None:
        return
    try:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(PICTURES[exercise.picture](exercise, result))
    except Exception:  # a picture is an extra: what it cannot draw must not hide the sentence
        return


def _heat_pair(exercise, result):
    from course_lib.views.heat_pair import HeatPair

    rows, columns = [singular(axis) for axis in exercise.axes[-2:]]
    return HeatPair(result.wanted, result.got, rows, columns, title=exercise.name, tolerance=1e-6)


PICTURES = {"heat pair": _heat_pair}  # imported when drawn: a right answer needs no drawing
