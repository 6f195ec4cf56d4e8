"""The judge against answers of every kind: wrong, strange, hostile, and right in an unusual way."""

import json
import sys
import threading
import time
import warnings
from dataclasses import replace

import numpy as np
import pytest
from learner import Notebook, answer, given_to, verdict

from course_lib.checks import find
from course_lib.checks.bench import bench, source_of
from course_lib.checks.exercise import Case, Exercise, Law
from course_lib.checks.judge import judge
from course_lib.checks.watch import TimeUp, Watch

SCALE, SOFTMAX, WEIGHTED = find("scale"), find("softmax"), find("weighted_sum")
ATTENTION = find("attention", "04_softmax")
RIGHT = "return scores / d_k ** 0.5"


def message(exercise, body, **names):
    result = verdict(exercise, body, **names)
    assert result.outcome == "not yet"
    return result.message


# ---------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("body", "points"),
    [
        (SOFTMAX.reference, 3),
        ("e = np.exp(x)\nreturn e / e.sum(axis, keepdims=True)", 1.5),  # right on ordinary inputs
        ("return x", 0),
        ("x -= x.max(axis, keepdims=True)\n" + SOFTMAX.reference, 0),  # right, but the caller's array is spoilt
        ("return (" + SOFTMAX.reference.splitlines()[0][4:] + ") > 0.5", 0),
        ("return 0.5", 0),
    ],
)
def test_all_right_earns_all_base_right_earns_half_the_rest_nothing(body, points):
    result = verdict(SOFTMAX, body)
    assert result.points == points and isinstance(result.points, type(points))
    assert result.outcome == ("correct" if points == 3 else "not yet")


def test_an_array_changed_only_in_a_property_case_earns_nothing():
    body = "if scores.ndim > 2:\n    scores /= d_k ** 0.5\n    return scores\n" + RIGHT
    assert verdict(SCALE, body).points == 0


def test_half_right_says_so_first():
    assert message(SCALE, "if scores.ndim > 2:\n    return scores + 1\n" + RIGHT).startswith(
        "Right on ordinary inputs, but not with two batch axes."
    )


def test_two_judgings_of_one_function_are_alike():
    function = answer(SOFTMAX, "e = np.exp(x)\nreturn e / e.sum(axis, keepdims=True)")
    one, two = (judge(SOFTMAX, function, given_to(SOFTMAX)).record() for _ in range(2))
    assert one == two


def test_a_record_is_the_json_of_the_contract():
    record = verdict(SCALE, "return scores / d_k").record()
    assert list(record) == ["lesson", "exercise", "function", "outcome", "mistake", "message", "points", "max_points"]
    assert json.loads(json.dumps(record)) == record and "\n" not in record["message"]


# ---------------------------------------------------------------- what came back


def test_print_instead_of_return_is_told_apart_from_nothing():
    assert message(SCALE, "print(scores / d_k ** 0.5)").startswith("You printed it, return it.")
    assert message(SCALE, "x = scores / d_k ** 0.5").startswith("Your function returned nothing: None came back.")


def test_what_is_printed_stays_inside(capsys):
    verdict(SCALE, "import sys, warnings\nprint('x')\nprint('y', file=sys.stderr)\nwarnings.warn('z')\n1 / np.zeros(1)")
    assert capsys.readouterr() == ("", "")


def test_a_right_answer_that_prints_is_told():
    assert verdict(SCALE, "print('here')\n" + RIGHT).remarks == (
        "your function prints while it works; the check does not show it.",
    )


def test_a_loop_that_prints_fills_no_memory():
    body = "for _ in range(20_000):\n    print('x' * 1000)\n" + RIGHT
    assert verdict(find("divisor"), body.replace(RIGHT, "return q_std * k_std * d_k ** 0.5")).outcome == "correct"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return scores[0]", "has shape (7,), wanted (5 queries, 7 keys)"),
        ("return scores.T", "The axes are exchanged: queries and keys."),
        ("return scores[..., None]", "Your answer has an axis too many."),
        ("return scores.sum()", "You returned one number for all."),
        ("return scores > 0", "holds True and False, wanted numbers"),
        ("return scores / d_k ** 0.5 + 0j", "holds complex numbers"),
        ("return 'scores'", "Your answer is no array of numbers: a str came back."),
        ("return [[1, 2], [3]]", "Your answer is no array of numbers: a list came back."),
        ("return (row for row in scores)", "a generator came back"),
        ("return scale", "a function came back"),
        ("return -scores / d_k ** 0.5", "The sign is turned"),
        ("return 5.5 * scores / d_k ** 0.5", "All your values are 5.5 times what is wanted."),
        ("return scores / (d_k - d_k)", "There is an infinity in your answer."),
        ("return scores * np.nan", "There is a nan in your answer"),
    ],
)
def test_an_answer_nobody_foresaw_gets_a_precise_sentence(body, says):
    result = verdict(SCALE, body)
    assert result.mistake is None and says in result.message and result.message.endswith("?"), result.message


def test_a_kind_must_be_the_very_one_but_whole_numbers_may_stand_for_floats():
    assert message(find("top_key"), "return scores.argmax(-1) * 1.0").count("wanted whole numbers") == 1
    assert verdict(find("one_hot"), "return np.eye(n_words, dtype=int)[ids]").outcome == "correct"


def test_parts_are_named_and_counted():
    project = replace(find("project"), parts=("Q", "K", "V"), mistakes=())
    assert message(project, "return X @ W_q, X @ W_k").startswith("2 things came back, wanted 3: Q, K, V.")
    assert ", V has shape" in message(project, "return X @ W_q, X @ W_k, X[:, :2]")
    assert message(project, "return 1.0").startswith("1 thing came back, wanted 3")


def test_a_list_and_a_float_of_another_width_are_right_with_a_remark():
    assert [remark.split(";")[0] for remark in verdict(WEIGHTED, "return (weights @ V).tolist()").remarks] == [
        "a list came back",
        "float32 went in, float64 came out (np.sqrt of an int is a float64",
    ]
    assert verdict(SCALE, "return scores / np.sqrt(d_k)").remarks[0].startswith("float32 went in, float64 came out")
    assert verdict(SCALE, RIGHT).remarks == ()


def test_an_answer_in_a_buffer_that_the_function_keeps_is_shown_as_it_was():
    cases = [Case((np.array([1.0, 5.0]), 1)), Case((np.array([2.0, 7.0]), 1))]
    exercise = replace(SCALE, inputs=lambda rng: cases, axes=("keys",), mistakes=())
    assert "gave [3, 15], wanted [1, 5]." in message(exercise, "keep[:] = 3 * scores\nreturn keep", keep=np.zeros(2))


# ---------------------------------------------------------------- inputs


def test_every_call_gets_copies_so_that_one_learner_cannot_spoil_the_next():
    verdict(SCALE, "scores[:] = 0\nreturn scores")
    assert verdict(SCALE, RIGHT).outcome == "correct"


def test_changed_inputs_are_shown_before_and_after():
    said = message(WEIGHTED, "answer = weights @ V\nV[1, 2] = 99\nreturn answer")
    assert said.startswith("The numbers are right, but you changed the caller's V.\nV[1, 2] was ")
    assert "and is 99 after it." in said


def test_a_seed_is_a_fresh_generator_in_every_call():
    exercise = find("score_std")
    assert verdict(exercise, exercise.reference).outcome == "correct"
    assert verdict(exercise, "rng.random(3)\n" + exercise.reference).outcome == "correct"


# ---------------------------------------------------------------- names of other exercises


def notebook_of(exercise, body, **names):
    notebook = Notebook(**names)
    return notebook, notebook.run(source_of(exercise, body)).names[exercise.name]


def test_a_broken_earlier_answer_does_not_sink_a_later_one():
    notebook = Notebook().run("def softmax(x, axis=-1):\n    return x * 0")
    notebook.run(source_of(ATTENTION, ATTENTION.reference))
    broken = notebook.names["softmax"]
    assert judge(ATTENTION, notebook.names["attention"], given_to(ATTENTION)).outcome == "correct"
    assert notebook.names["softmax"] is broken


@pytest.mark.parametrize("problem", ["ValueError", "SystemExit", "KeyboardInterrupt"])
def test_the_learners_names_come_back_whatever_happens(problem):
    notebook, function = notebook_of(ATTENTION, f"raise {problem}", softmax="mine")
    before = dict(notebook.names)
    try:
        judge(ATTENTION, function, given_to(ATTENTION))
    except KeyboardInterrupt:
        pass
    assert notebook.names == before and "weighted_sum" not in notebook.names


def test_a_helper_in_the_answers_own_cell_stays_even_under_a_given_name():
    own = "def scale(s, d_k, extra):\n    return s / d_k ** 0.5\n\n"
    body = "return softmax(scale(Q @ np.swapaxes(K, -1, -2), K.shape[-1], 7)) @ V"
    notebook = Notebook().run(own + source_of(ATTENTION, body))
    assert judge(ATTENTION, notebook.names["attention"], given_to(ATTENTION)).outcome == "correct"


DECORATOR = """
import functools

def traced(function):
    @functools.wraps(function)
    def inner(*arguments):
        return function(*arguments)
    return inner
"""


def test_a_function_may_call_itself():
    body = "if scores.ndim > 1:\n    return np.stack([scale(row, d_k) for row in scores])\n" + RIGHT
    given = given_to(SCALE) | {"scale": "that of an earlier lesson"}
    assert judge(SCALE, answer(SCALE, body), given).outcome == "correct"
    notebook = Notebook().run(DECORATOR).run("@traced\n" + source_of(SCALE, body))
    assert judge(SCALE, notebook.names["scale"], given).outcome == "correct"


# ---------------------------------------------------------------- what stands elsewhere


def remarks_after(*cells, exercise=SCALE):
    notebook = Notebook()
    for cell in cells:
        notebook.run(cell)
    return judge(exercise, notebook.names[exercise.name], given_to(exercise)).remarks


USES = "def scale(scores, d_k):\n    return halve(scores, d_k)"
HALVE = "def halve(a, b):\n    return a / b ** 0.5"


def test_a_helper_in_another_cell_is_remarked_on_and_one_in_the_same_cell_is_not():
    assert remarks_after(HALVE, USES) == (
        "halve stands in another cell. Move it into the cell of scale, or a hand-in will miss it.",
    )
    assert remarks_after(HALVE + "\n\n" + USES) == ()


def test_a_number_in_another_cell_counts_a_module_and_an_attribute_do_not():
    cells = "half = 0.5", "def scale(scores, d_k):\n    return scores / d_k ** half"
    assert remarks_after(*cells)[0].startswith("half ")
    assert remarks_after("\n".join(cells)) == ()
    assert remarks_after("import math", "def scale(scores, d_k):\n    return scores / float(math.sqrt(d_k))") == ()
    assert remarks_after("size = 3", "def scale(scores, d_k):\n    scores.size\n    return scores / d_k ** 0.5") == ()


def test_what_a_function_inside_the_function_needs_counts_too():
    cell = "def scale(scores, d_k):\n    return np.array([halve(row, d_k) for row in scores.astype(float)])"
    assert "halve stands in another cell" in remarks_after(HALVE, cell)[-1]


# ---------------------------------------------------------------- code that stops


def test_an_exception_is_shown_with_its_call_and_the_learners_own_line():
    said = message(SCALE, "a = 1\nb = scores @ scores\nreturn b")
    assert "scale(scores (5, 7), d_k=3) raised ValueError: in @ the left one has 7 columns" in said
    assert "(line 3: b = scores @ scores)" in said and "Traceback" not in said


def test_the_line_is_the_innermost_that_the_learner_wrote():
    cell = "def helper(x):\n    return np.linalg.inv(x)\n\ndef scale(scores, d_k):\n    return helper(scores)"
    notebook = Notebook().run(cell)
    said = judge(SCALE, notebook.names["scale"], given_to(SCALE)).message
    assert "LinAlgError" in said and "(line 2: return np.linalg.inv(x))" in said


@pytest.mark.parametrize(
    ("body", "says", "asks"),
    [
        ("return scores / sqrt(d_k)", "Python does not know the name sqrt.", "Did you mean np.sqrt?"),
        ("return score / d_k ** 0.5", "Python does not know the name score.", "Did you mean scores?"),
        ("return scores / np.sqrt(dk)", "Python does not know the name dk.", "Did you mean d_k?"),
        (
            "return scores / math.sqrt(d_k)",
            "Python does not know the name math. No line imports it.",
            "Which function of np does the same?",
        ),
        ("return scaled", "Python does not know the name scaled.", "Which line should make it?"),
        ("return scores / d_k ^ 0.5", "The sign ^ is no power in Python.", "Which sign is?"),
        ("return scores / (d_k ^ 0.5)", "The sign ^ is no power in Python.", "Which sign is?"),
        ("scores / x\nx = 1", "Your function stopped with an error.", "What did that line get to work with?"),
    ],
)
def test_an_error_that_beginners_make_is_told_in_their_words_and_leads_on(body, says, asks):
    words, shown, asked = message(SCALE, body).splitlines()
    assert (words, asked) == (says, asks) and " raised " in shown


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise SystemExit(3)", "raised SystemExit: 3"),
        ("import sys\nsys.exit()", "raised SystemExit"),
        ("raise BaseException('odd')", "raised BaseException: odd"),
        ("return scale(scores, d_k)", "raised RecursionError"),
        ("return np.zeros((2 ** 40, 2 ** 12))", "raised MemoryError: Unable to allocate"),
        ("raise MemoryError", "raised MemoryError (line 2: raise MemoryError)."),
        ("return nobody", "raised NameError: name 'nobody' is not defined"),
        ("raise ValueError('one\\ntwo\\n')", "raised ValueError: two ("),
        (
            "if d_k > 3:\n    raise NotImplementedError\nreturn scores / d_k ** 0.5",
            "raised NotImplementedError (line 3",
        ),
    ],
)
def test_whatever_is_raised_becomes_a_sentence(body, says):
    result = verdict(SCALE, body)
    assert says in result.message and result.mistake is None and result.points == 0


def test_the_learners_own_interrupt_passes_through():
    with pytest.raises(KeyboardInterrupt):
        verdict(SCALE, "raise KeyboardInterrupt")


def test_strict_settings_of_numpy_and_warnings_change_no_verdict():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert verdict(SOFTMAX, SOFTMAX.reference).outcome == "correct"
        assert verdict(SOFTMAX, "e = np.exp(x)\nreturn e / e.sum(axis, keepdims=True)").mistake == "no-maximum"
        assert np.geterr()["over"] == "raise" and warnings.filters[0][0] == "error"


STUBBORN = """
import time
end = time.monotonic() + 30
while time.monotonic() < end:
    try:
        total = sum(range(100))
    except:
        pass
"""


@pytest.mark.parametrize("body", ["while True:\n    pass", STUBBORN, "import time\nwhile True:\n    time.sleep(0.01)"])
def test_an_endless_loop_is_stopped_with_a_sentence(body):
    result = judge(SCALE, answer(SCALE, body), given_to(SCALE), seconds=0.1)
    assert result.message.startswith("Your function did not end: it was stopped after a few seconds.")
    assert (result.outcome, result.points, result.mistake) == ("not yet", 0, None)


def test_an_endless_loop_on_unusual_inputs_only_keeps_half_the_points(clock):
    function = answer(SCALE, "while scores.ndim > 2:\n    clock or clock.append(1)\n" + RIGHT, clock=clock)
    assert judge(SCALE, function, given_to(SCALE), seconds=0.1).points == 1


def test_nothing_is_left_of_a_stop_once_the_code_was_left():
    for _ in range(20):
        with Watch(seconds=0.001) as watch:
            with pytest.raises(TimeUp):
                watch.run(lambda: [None for _ in iter(int, 1)])
        deadline = time.monotonic() + 0.003
        while time.monotonic() < deadline:  # a stop that came late would land here
            pass
        assert not watch.watcher.is_alive()


def test_code_that_ends_in_time_is_not_disturbed():
    with Watch(seconds=0.02) as watch:
        assert watch.run(lambda: 7) == 7
        end = time.monotonic() + 0.1
        while time.monotonic() < end:  # our own work between two calls is not the learner's
            pass
        assert not watch.expired


def test_code_that_waits_and_does_not_work_is_stopped_too(monkeypatch):
    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    with Watch(seconds=0.02) as watch, pytest.raises(TimeUp):
        watch.run(lambda: [time.sleep(0.01) for _ in range(500)])


def test_an_hour_with_the_lid_closed_is_not_the_answers_fault(monkeypatch):
    looks, looked_often = [], threading.Event()

    def one_hour_after_the_first_look():
        looks.append(0.0 if not looks else 3600.0)
        if len(looks) == 4:
            looked_often.set()
        return looks[-1]

    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    monkeypatch.setattr(time, "monotonic", one_hour_after_the_first_look)
    with Watch(seconds=0.02) as watch:
        assert watch.run(looked_often.wait)
    assert not watch.expired


# ---------------------------------------------------------------- things that are no function of the right form


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("def scale(scores):", "the exercise calls scale(scores, d_k), yours is scale(scores)."),
        ("def scale(scores, d_k, more):", "yours is scale(scores, d_k, more)."),
        ("def scale():", "yours is scale()."),
    ],
)
def test_other_arguments_are_shown_beside_the_wanted_ones(head, says):
    notebook = Notebook().run(f"{head}\n    return 1")
    assert says in judge(SCALE, notebook.names["scale"], {}).message


def test_a_renamed_keyword_is_an_other_argument_and_an_additional_option_is_none():
    rest = ":\n    e = np.exp(x - x.max(axis, keepdims=True))\n    return e / e.sum(axis, keepdims=True)"
    names = Notebook().run("def softmax(x, ax=-1):\n    return x").names
    assert "yours is softmax(x, ax=-1)" in judge(SOFTMAX, names["softmax"], {}).message
    names = Notebook().run("def softmax(x, axis=-1, *, dtype=None)" + rest).names
    assert judge(SOFTMAX, names["softmax"], {}).outcome == "correct"


def test_the_courses_own_function_is_no_answer():
    result = judge(SOFTMAX, given_to(ATTENTION)["softmax"], {})
    assert result.outcome == "not attempted" and "run the cell with yours first" in result.message


@pytest.mark.parametrize("thing", [3, None, np.zeros(3), "scale"])
def test_a_thing_that_cannot_be_called_is_told_what_to_begin_with(thing):
    assert judge(SCALE, thing, {}).message == "scale is no function here: it should begin with def scale(scores, d_k):"


def test_callables_other_than_functions_are_judged_like_any_other():
    class Scale:
        def __call__(self, scores, d_k):
            return scores / d_k**0.5

    assert judge(SCALE, Scale(), given_to(SCALE)).outcome == "correct"
    assert judge(SCALE, np.vectorize(lambda scores, d_k: scores / d_k**0.5), {}).outcome == "correct"


# ---------------------------------------------------------------- naming


def test_a_crash_is_named_by_what_the_code_does_where_all_sizes_are_equal():
    result = verdict(SOFTMAX, "e = np.exp(x)\nreturn e / np.sum(e, axis)")
    assert result.mistake == "no-keepdims" and "could not be broadcast together" in result.message


def test_a_crash_of_another_kind_is_not_named():
    assert verdict(SOFTMAX, "e = np.exp(x - x[0, 0])\nreturn e / e.sum(axis, keepdims=True)").mistake is None


def test_where_two_faults_meet_the_first_that_shows_is_named():
    result = verdict(SOFTMAX, "e = np.exp(x)\nreturn e / e.sum(-1, keepdims=True)")
    assert result.mistake == "axis-ignored" and result.points == 1.5
    assert result.message.splitlines()[1].startswith("Along axis 0, ")


def test_a_spoilt_array_hides_no_wrong_value_and_names_no_other_array():
    assert verdict(SCALE, "scores /= d_k\nreturn scores").mistake == "divided-by-d-k"
    body = ATTENTION.reference.replace("return w @ V", "answer = w @ V\nK *= 2\nreturn answer")
    result = verdict(ATTENTION, body)
    assert result.mistake is None and "you changed the caller's K." in result.message


def test_a_fault_that_shows_more_often_than_the_known_one_is_not_taken_for_it():
    body = "if x.ndim > 2:\n    return x * 0\n" + "e = np.exp(x)\nreturn e / e.sum(axis, keepdims=True)"
    result = verdict(SOFTMAX, body)
    assert result.mistake is None and "along axis 1 of four" in result.message


def test_the_mistakes_are_run_once_however_many_answers_are_judged():
    exercise = replace(SCALE, promise="another object")
    runs = []
    exercise = replace(exercise, spec=counted(exercise.spec, runs))
    for _ in range(3):
        verdict(exercise, "return scores / d_k")
    assert len(runs) == len(bench(exercise, given_to(exercise)).cases)


def counted(function, runs):
    def scale(scores, d_k):
        runs.append(d_k)
        return function(scores, d_k)

    return scale


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("scores / d_k", "    return scores / d_k"),
        ("root = d_k ** 0.5\nscores / root", "    return scores / root"),
        ("return scores", "    return scores"),
        ("if d_k:\n    return scores", "        return scores"),
        ("scores /= d_k", "    scores /= d_k"),
    ],
)
def test_a_body_may_end_in_a_bare_expression(body, last):
    head, *lines = source_of(SCALE, body).splitlines()
    assert (head, lines[-1]) == ("def scale(scores, d_k):", last)


# ---------------------------------------------------------------- laws and statistics


def roll(sides, rng):
    """One throw of a die."""
    return int(rng.integers(sides))


DIE = Exercise(
    lesson="00_test",
    number="0.1",
    spec=roll,
    reference="return int(rng.integers(sides))",
    promise="Throw a die.",
    points=2,
    difficulty=1,
    importance=1,
    minutes=1,
    hints=("Which?", "That.", "This."),
    inputs=lambda rng: [Case((1, 0))],
    mistakes=(),
    kind="int",
)


def test_a_law_that_does_not_hold_or_that_raises_is_said_in_its_words():
    function = Notebook().run("def roll(sides, rng):\n    return 0").names["roll"]
    broken = [lambda call: call(6, 1) == 5, lambda call: call(6, 1) / 0 > 1]
    for kind, points in (("base", 0), ("property", 1)):
        for holds in broken:
            exercise = replace(DIE, spec=lambda sides, rng: 0, laws=(Law("It must fall. Does it?", holds, kind),))
            object.__setattr__(exercise.spec, "__name__", "roll")
            result = judge(exercise, function, {})
            assert (result.message, result.points) == ("It must fall.\nDoes it?", points)
    assert judge(replace(exercise, laws=()), function, {}).outcome == "correct"


def test_statistical_answers_may_be_a_few_per_cent_off_and_no_more():
    exercise = find("score_std")
    for factor, outcome in ((1.0, "correct"), (0.97, "correct"), (1.12, "not yet"), (0.88, "not yet")):
        assert verdict(exercise, exercise.reference.replace("float(", f"{factor} * float(")).outcome == outcome


# ---------------------------------------------------------------- speed and size


def test_the_judge_imports_numpy_and_nothing_that_draws():
    import subprocess

    code = "import sys, course_lib.checks.judge; print(*{name.split('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "numpy" in loaded and not loaded & {"matplotlib", "ipywidgets", "IPython", "rich"}
