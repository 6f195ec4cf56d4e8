"""What a kernel of `course lab` knows before a cell has run: words for the cell that should have been the first.

course_tools.jupyter_hooks has kernels load this. From the first cell on, course_lib.feedback.kernel explains instead.
"""

FIRST = ("check", "hint", "progress", "np")  # what the first cell of an exercise notebook makes
SAID = "{name} is not known to this kernel: run the first cell of the notebook, then your answer, then this one."


def load_ipython_extension(shell):
    shell.set_custom_exc((NameError,), explain)


def explain(shell, kind, error, trace, tb_offset=None):
    """Show what to run in place of the traceback where a cell itself asks for a name of the first cell."""
    if error.name in FIRST and trace is not None and _last(trace).tb_frame.f_code.co_name == "<module>":
        error._render_traceback_ = lambda: [SAID.format(name=error.name)]
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _last(trace):
    while trace.tb_next:
        trace = trace.tb_next
    return trace
