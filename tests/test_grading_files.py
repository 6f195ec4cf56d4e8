"""What is handed in may be any file under any name: who it belongs to, what it holds, and what is said of it."""

import io
import json
import os
import zipfile
from datetime import datetime

import pytest
from grading import SCALING, SECRET, SPEC, hand_in, needs_jail, of, row_of
from learner import code_cell, notebook

from course_tools.grading.gathering import gather, learner_of
from course_tools.grading.learner import rows_of, task_of
from course_tools.grading.reading import LARGEST, Unreadable, read_file


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def put(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def owners(folder):
    return {who: [file.name for file in files] for who, files in gather(folder).items()}


# ---------------------------------------------------------------- whose it is


@pytest.mark.parametrize(
    ("parts", "learner"),
    [
        (("anna", "04_softmax.ipynb"), "anna"),
        (("anna", "deeper", "x.ipynb"), "anna"),
        (("anna_04_softmax.ipynb",), "anna"),
        (("Zoe\u0308_04_softmax.ipynb",), "Zoë"),
        (("van der Berg-04_softmax (2).ipynb",), "van der Berg"),
        (("anna_maria_04_softmax.ipynb",), "anna_maria"),
        (("ben.zip", "04_softmax.ipynb"), "ben"),
        (("Ito Ada_77_assignsubmission_file", "x.ipynb"), "Ito Ada_77"),
        (("Ito Ada_77_assignsubmission_file_", "ada.zip", "x.ipynb"), "Ito Ada_77"),
        (("Ito Ada_77_assignsubmission_file_04_softmax.ipynb",), "Ito Ada_77"),
        (("Ito Ada_77_assignsubmission_file_Roe_9_assignsubmission_file_.ipynb",), "Ito Ada_77"),
        (("itoada_1234_5678_04_softmax-1.ipynb",), "itoada_1234"),
        (("itoada_LATE_1234_5678_04_softmax.ipynb",), "itoada_1234"),
        (("itoada_1234_5678_work.zip", "04_softmax.ipynb"), "itoada_1234"),
        (("anna", "Ito Ada_77_assignsubmission_file", "x.ipynb"), "anna"),
        (("anna.zip", "itoada_1234_5678_04_softmax.ipynb"), "anna"),
        (("04_softmax.ipynb",), "04_softmax"),
    ],
)
def test_the_learner_is_named_by_folder_file_or_zip(parts, learner):
    assert learner_of(parts) == learner


@pytest.mark.parametrize("name", ["itoada_12_34_04_softmax.ipynb", "Ito Ada_77_assignsubmission_file/x.ipynb"])
def test_an_export_is_one_zip_and_a_learners_zip_names_nobody_else(name, tmp_path):
    export = put(tmp_path / "export", {"all.zip": zipped({name: "", "roe_5_6_x.ipynb": ""})})
    forged = put(tmp_path / "in", {"anna.zip": zipped({name: ""}), "ben.zip": zipped({"roe_5_6_x.ipynb": ""})})
    assert list(owners(export)) == sorted(["roe_5", "itoada_12" if "itoada" in name else "Ito Ada_77"])
    assert list(owners(forged)) == ["anna", "ben"]


def test_a_name_with_a_line_break_does_not_make_a_schools_export_one_learners(tmp_path):
    put(tmp_path, {"all.zip": zipped({"itoada_1_2_x\n.ipynb": "", "roe_5_6_x.ipynb": ""})})
    assert list(owners(tmp_path)) == ["itoada_1", "roe_5"]


@needs_jail  # Windows has no such files
def test_of_a_long_name_the_end_is_kept(tmp_path):
    put(tmp_path, {f"anna/{'/'.join(['deeper' * 9] * 6)}/03_scaling.ipynb": ""})
    ((name,),) = owners(tmp_path).values()
    assert len(name) == 200 and name.endswith("/03_scaling.ipynb")


def test_hidden_files_and_those_of_ours_are_left_alone(tmp_path):
    put(tmp_path, {"anna/.ipynb_checkpoints/x.ipynb": "", "anna/.DS_Store": "", "anna/progress.jsonl": ""})
    put(tmp_path, {"b.zip": zipped({"__MACOSX/._x.ipynb": "", "x.ipynb": ""})})
    assert owners(tmp_path) == {"b": ["b.zip/x.ipynb"]}


@needs_jail  # Windows has no such files
def test_a_name_that_draws_in_a_terminal_is_made_harmless(tmp_path):
    put(tmp_path, {"\x1b[31mred\n_03_scaling.ipynb": ""})
    assert owners(tmp_path) == {"�[31mred�": ["�[31mred�_03_scaling.ipynb"]}


# ---------------------------------------------------------------- what cannot be read


@needs_jail  # Windows has no such files
def test_links_pipes_and_devices_are_refused_and_never_opened(tmp_path):
    secret = put(tmp_path, {"outside/secret": "secret"}) / "outside" / "secret"
    inside = put(tmp_path, {"in/anna/x.txt": ""}) / "in"
    os.symlink(secret, inside / "anna" / "link.ipynb")
    os.symlink(secret.parent, inside / "anna" / "folder")
    os.mkfifo(inside / "anna" / "pipe.ipynb")
    said = {}
    for file in gather(inside)["anna"]:
        try:
            said[file.name] = file.read()
        except Unreadable as problem:
            said[file.name] = str(problem)
    assert said == {
        "anna/x.txt": b"",
        "anna/link.ipynb": "is a link",
        "anna/folder": "is a link",
        "anna/pipe.ipynb": "is no regular file",
    }
    with pytest.raises(Unreadable, match="no regular file"):
        read_file("/dev", ("zero",))


@needs_jail  # Windows has no such files
def test_a_file_or_an_entry_of_a_zip_that_is_too_large_is_not_read_to_its_end(tmp_path):
    put(tmp_path, {"a.zip": zipped({"03_scaling.ipynb": b" " * (LARGEST + 1)}), "b_03_scaling.ipynb": ""})
    with open(tmp_path / "b_03_scaling.ipynb", "wb") as file:
        file.truncate(100 << 30)
    for files in gather(tmp_path).values():
        with pytest.raises(Unreadable, match="larger than 20 MB"):
            files[0].read()


def test_names_in_a_zip_lead_nowhere(tmp_path):
    put(tmp_path, {"in/a.zip": zipped({"../../../escaped.ipynb": "{}", "/etc/escaped.ipynb": "{}", "..": "{}"})})
    found = gather(tmp_path / "in")
    assert owners(tmp_path / "in") == {"a": ["a.zip/escaped.ipynb", "a.zip/etc/escaped.ipynb"]}
    assert [file.read() for file in found["a"]] == [b"{}", b"{}"]
    assert os.listdir(tmp_path) == ["in"]


@pytest.mark.parametrize("content", [b"", b"no zip", zipped({"x": "y" * 999})[:-20]], ids=["empty", "text", "cut"])
def test_a_zip_that_is_none_is_told(content, tmp_path):
    put(tmp_path, {"a.zip": content})
    (file,) = gather(tmp_path)["a"]
    with pytest.raises(Unreadable, match="no zip that can be read"):
        file.read()


def test_a_zip_with_more_files_than_anybody_hands_in_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("course_tools.grading.gathering.ENTRIES", 3)
    put(tmp_path, {"a.zip": zipped({str(i): "" for i in range(4)})})
    with pytest.raises(Unreadable, match="more than 3 files"):
        gather(tmp_path)["a"][0].read()


NESTED = b'{"cells": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}"
BROKEN = {
    "empty": (b"", "is empty"),
    "truncated": (hand_in()[:300], "is no notebook"),
    "text": (b"hello", "is no notebook"),
    "a list": (b"[1, 2]", "is no notebook"),
    "no cells": (b"{}", "is no notebook"),
    "cells of a wrong kind": (b'{"cells": 7}', "is no notebook"),
    "a cell of a wrong kind": (b'{"cells": [{"cell_type": "code", "source": [7]}]}', "is no notebook"),
    "bytes": (bytes(range(256)) * 9, "is no notebook"),
    "format 3": (b'{"worksheets": [{"cells": []}], "nbformat": 3}', "old format"),
    "nested": (NESTED, "nested too deep"),
    "a number of a million digits": (b'{"cells": ' + b"9" * 1_000_000 + b"}", "is no notebook"),
    "a bomb of empty lists": (b'{"cells": [' + b"[]," * 6_000_000 + b"[]]}", "memory"),
    "much code": (json.dumps({"cells": [code_cell("a", "x = 1\n" * 200_000)]}).encode(), "characters of code"),
}


@needs_jail
@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_one_row_with_a_reason(kind, judge):
    content, says = BROKEN[kind]
    row = row_of(judge, content)
    assert (row["status"], row["points"]) == ("unreadable", 0) and says in row["reason"], row["reason"]
    assert row_of(judge, hand_in())["points"] == 2, "the next learner's notebook is not read"


@needs_jail
def test_other_files_and_other_notebooks_are_not_of_this_course(judge):
    other = json.dumps({"cells": [code_cell("a", "print(1)")]}).encode()
    assert row_of(judge, b"%PDF", name="essay.pdf")["status"] == "not this course"
    assert row_of(judge, other, name="homework.ipynb")["status"] == "not this course"
    assert row_of(judge, json.dumps(notebook([SCALING[1]])).encode(), name="homework.ipynb")["lesson"] == "03_scaling"


@needs_jail
def test_an_untouched_notebook_has_no_answers(judge):
    stub = "def scale(scores, d_k):\n    raise NotImplementedError('scale is not written yet')"
    row = row_of(judge, hand_in(stub))
    assert (row["status"], row["points"], row["max_points"]) == ("no answers", 0, 8)


# ---------------------------------------------------------------- a notebook that was tampered with


def edit(**changes):
    def change(made):
        next(cell for cell in made["cells"] if cell["id"] == "scale-answer").update(changes)

    return change


def points(count):
    return {"nbgrader": {"grade": True, "points": count, "grade_id": "scale-answer", "solution": True}}


def duplicated(made):
    made["cells"].append(code_cell("scale-answer", "def scale(scores, d_k):\n    return scores"))


def without_the_answer(made):
    made["cells"] = [cell for cell in made["cells"] if cell["id"] != "scale-answer"]


def moved(made):
    made["cells"].sort(key=lambda cell: cell["id"] != "scale-answer")


def without_checks(made):
    made["cells"] = [cell for cell in made["cells"] if not cell["id"].endswith("-check")]


def with_false_outputs(made):
    for cell in made["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "scale: correct. 99 of 99 points."}]


@needs_jail
@pytest.mark.parametrize(
    ("change", "earned"),
    [
        (edit(metadata=points(99)), 2),
        (edit(metadata={"tags": ["raises-exception", "nbval-skip", "remove-cell"]}), 2),
        (edit(id="elsewhere"), 2),
        (edit(id="softmax-answer"), 2),
        (edit(source=""), 0),
        (edit(source=["def scale(scores, d_k):\n", "    return scores"]), 0),
        (edit(cell_type="markdown"), 0),
        (edit(cell_type="raw"), 0),
        (duplicated, 2),
        (without_the_answer, 0),
        (moved, 2),
        (without_checks, 2),
        (with_false_outputs, 2),
    ],
    ids="points tags renamed retagged emptied wrong markdown raw duplicated deleted moved unchecked outputs".split(),
)
def test_marks_come_from_the_answer_and_from_nothing_around_it(change, earned, judge):
    row = row_of(judge, hand_in(change=change))
    assert (row["points"], row["max_points"], of(row)["max_points"]) == (earned, 8, 2)


@needs_jail
def test_a_notebook_under_another_lessons_name_is_what_its_first_cell_says(judge):
    row = row_of(judge, hand_in(), name="anna_04_softmax.ipynb")
    assert (row["lesson"], row["points"], row["max_points"]) == ("03_scaling", 2, 8)
    assert row_of(judge, hand_in(), name="03_scaling.ipynb.exe")["status"] == "not this course"


@needs_jail
def test_a_key_that_stands_twice_counts_once(judge):
    content = hand_in().replace(b'{"cells":', b'{"cells": [{"cell_type": "code", "source": "1 / 0"}], "cells":')
    assert row_of(judge, content)["points"] == 2


# ---------------------------------------------------------------- several hand-ins


def saved(tmp_path, files):
    """Write files a minute apart; return the task of their one learner."""
    put(tmp_path, files)
    for minute, name in enumerate(files):
        os.utime(tmp_path / name, (minute * 60, minute * 60))
    ((learner, found),) = gather(tmp_path).items()
    return learner, found


@needs_jail
def test_the_newest_of_several_counts_and_the_others_are_listed(tmp_path, judge):
    wrong = hand_in("def scale(scores, d_k):\n    return scores")
    learner, found = saved(tmp_path, {"anna/b.ipynb": wrong, "anna/c.ipynb": wrong, "anna/a.ipynb": hand_in()})
    (row,) = rows_of(judge, task_of(learner, found, SECRET, SPEC))
    assert (row["file"], row["points"], row["others"]) == ("anna/a.ipynb", 2, ["anna/b.ipynb", "anna/c.ipynb"])


@needs_jail
def test_a_broken_file_does_not_hide_a_good_one(tmp_path, judge):
    learner, found = saved(tmp_path, {"anna/a.ipynb": hand_in(), "anna/b.ipynb": b"{"})
    rows = rows_of(judge, task_of(learner, found, SECRET, SPEC))
    assert [(row["status"], row["points"]) for row in rows] == [("unreadable", 0), ("graded", 2)]


@needs_jail
def test_what_was_in_time_counts_and_what_was_not_is_late_with_its_points(tmp_path, judge):
    from course_tools.grading.deadlines import read_deadlines

    learner, found = saved(
        tmp_path, {"anna/a.ipynb": hand_in("def scale(a, b):\n    return a"), "anna/b.ipynb": hand_in()}
    )

    def status(*lines):
        (tmp_path / "until.csv").write_text("\n".join(["lesson,until,learner", *lines]))
        deadlines = read_deadlines(tmp_path / "until.csv")
        (row,) = rows_of(judge, task_of(learner, found, SECRET, SPEC, "", deadlines))
        return row["file"], row["status"], row["points"]

    assert status("03_scaling,1970-01-02,") == ("anna/b.ipynb", "graded", 2)
    assert status("03_scaling,1970-01-01T00:00:30+00:00,") == ("anna/a.ipynb", "graded", 0)
    assert status("03_scaling,1969-01-01,") == ("anna/b.ipynb", "late", 2)
    assert status("03_scaling,1969-01-01,", "03_scaling,1970-01-02,anna") == ("anna/b.ipynb", "graded", 2)
    assert status("03_scaling,1969-01-01,Zoe\u0308") == ("anna/b.ipynb", "graded", 2)
    assert ("03_scaling", "Zoë") in read_deadlines(tmp_path / "until.csv").until
    for line in ("03_scaling,tomorrow,", "3_scaling,1970-01-02,"):
        with pytest.raises(ValueError, match="line 2 is no deadline: write lesson,until"):
            status(line)
    (tmp_path / "until.csv").write_bytes("lesson,until,learner\n03_scaling,1970-01-02,Zoë".encode("latin-1"))
    with pytest.raises(ValueError, match="is not in UTF-8: save it"):
        read_deadlines(tmp_path / "until.csv")


@needs_jail
def test_what_course_export_writes_is_graded(tmp_path, judge):
    from course_tools.export import Sheet, packed

    sheets = [Sheet("03_scaling", hand_in()), Sheet("04_softmax", b"{"), Sheet("05_masking", None)]
    put(tmp_path, {"ada.zip": packed(sheets)})
    ((learner, found),) = gather(tmp_path).items()
    rows = rows_of(judge, task_of(learner, found, SECRET, SPEC))
    assert learner == "ada" and sorted((row["status"], row["points"]) for row in rows) == [
        ("graded", 2),
        ("unreadable", 0),
    ]


def test_an_export_of_a_school_is_believed_about_its_times_and_what_is_in_it_is_not(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(zipfile.ZipInfo("03_scaling.ipynb", (1999, 1, 1, 0, 0, 0)), "")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("itoada_12_34_work.zip", (2020, 5, 4, 12, 0, 0)), inner.getvalue())
        archive.writestr(zipfile.ZipInfo("roe_5_6_03_scaling.ipynb", (2021, 5, 4, 12, 0, 0)), "")
    years = {who: [datetime.fromtimestamp(file.time).year for file in files] for who, files in gather(tmp_path).items()}
    assert years == {"itoada_12": [2020], "roe_5": [2021]}
