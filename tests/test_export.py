"""`course export`: one zip to hand in; the same notebooks make the same bytes, and what is missing is named."""

import errno
import io
import json
import os
import zipfile

import pytest
from learner import notebook
from typer.testing import CliRunner

from course_lib import progress
from course_lib.checks import LESSONS
from course_tools import check, cli, export
from course_tools.check import SAVE

SHIPPED = ("03_scaling", "04_softmax")
STUB = "raise NotImplementedError"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner's folder of a course with two lessons, all answers right."""
    folder = tmp_path / "my work"
    (folder / "exercises").mkdir(parents=True)
    (folder / progress.MARK).touch()
    (tmp_path / "course/exercises").mkdir(parents=True)
    for stem in SHIPPED:
        (tmp_path / "course/exercises" / f"{stem}.ipynb").touch()
        write(folder, stem)
    monkeypatch.chdir(folder)
    return folder


def write(folder, stem, name=None, **bodies):
    text = json.dumps(notebook(LESSONS[stem], bodies))
    (folder / "exercises" / f"{name or stem}.ipynb").write_text(text, encoding="utf-8")


def run(work, name="ada", *lessons, to=None):
    return export.main(name, list(lessons), to, work.parent / "course")


def inside(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# What is in it


def test_all_exercises_of_the_course_are_packed_as_they_are_on_disk(work, capsys):
    assert run(work) == 0
    assert inside(work / "ada.zip") == {
        f"{stem}.ipynb": (work / "exercises" / f"{stem}.ipynb").read_bytes() for stem in SHIPPED
    }
    assert capsys.readouterr().out.splitlines() == [
        "03_scaling: 8 of 8 points.",
        "04_softmax: 14 of 14 points.",
        "",
        f"{work / 'ada.zip'} holds 2 notebooks as saved on disk: 22 of 22 points.",
        "It is complete.",
    ]


def test_only_the_lessons_that_are_named_are_packed(work):
    assert run(work, "ada", "4") == 0
    assert list(inside(work / "ada.zip")) == ["04_softmax.ipynb"]


def test_a_notebook_that_was_renamed_is_packed_under_its_lessons_name(work):
    (work / "exercises/04_softmax.ipynb").rename(work / "exercises/my softmax.ipynb")
    assert run(work) == 0
    assert list(inside(work / "ada.zip")) == ["03_scaling.ipynb", "04_softmax.ipynb"]


def test_equal_notebooks_make_equal_bytes_whenever_and_wherever_they_were_saved(work, tmp_path):
    run(work)
    first = (work / "ada.zip").read_bytes()
    for path in (work / "exercises").iterdir():
        os.utime(path, (0, 2_000_000_000))
        path.chmod(0o600)
    (tmp_path / "to hand in").mkdir()
    run(work, to=tmp_path / "to hand in")
    assert (tmp_path / "to hand in/ada.zip").read_bytes() == first


def test_the_bytes_hang_on_no_time_no_system_and_no_version_of_zlib(work):
    run(work)
    with zipfile.ZipFile(io.BytesIO((work / "ada.zip").read_bytes())) as archive:
        for entry in archive.infolist():
            assert (entry.date_time, entry.create_system, entry.compress_type) == ((1980, 1, 1, 0, 0, 0), 3, 0)
            assert entry.external_attr >> 16 == 0o100644


# What is missing


def test_an_answer_that_is_wrong_is_handed_in_and_said_in_the_words_of_the_check(work, capsys):
    write(work, "03_scaling", scale="return scores / d_k")
    assert run(work) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[:2] == ["03_scaling: 6 of 8 points.", "    scale: not yet. 0 of 2 points."]
    check.main("03_scaling")
    said = capsys.readouterr().out.splitlines()
    assert all(line.strip() in said for line in out.splitlines()[:2])


def test_an_answer_before_the_cut_that_is_not_written_is_missing_and_one_behind_it_is_not(work, capsys):
    write(work, "04_softmax", softmax=STUB, entropy=STUB)
    assert run(work) == 1
    out = capsys.readouterr().out
    assert "    entropy is not written yet" in out
    assert out.splitlines()[-1] == "Missing: softmax of 04_softmax."
    assert len(inside(work / "ada.zip")) == 2
    write(work, "04_softmax", entropy=STUB)
    assert run(work) == 0


def test_a_lesson_that_nobody_began_is_one_line(work, capsys):
    write(work, "03_scaling", **{exercise.name: STUB for exercise in LESSONS["03_scaling"]})
    assert run(work) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["03_scaling: 0 of 8 points. Nothing is written yet.", "04_softmax: 14 of 14 points."]
    assert lines[-1] == "Missing: all of 03_scaling."


def test_an_answer_that_was_checked_and_never_saved_is_told_before_it_is_handed_in(work, capsys, monkeypatch):
    run(work)
    write(work, "03_scaling", scale=STUB, divisor=STUB)
    monkeypatch.setattr("course_tools.check.UNSAVED", "{} once.")  # what is told there does not decide here
    capsys.readouterr()
    assert run(work) == 1
    assert f"    A better one than that on disk was checked, of scale, divisor: {SAVE}" in capsys.readouterr().out
    write(work, "03_scaling", **{exercise.name: STUB for exercise in LESSONS["03_scaling"]})
    run(work)
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("Nothing is written yet.") and said[1].endswith(SAVE)


@pytest.mark.parametrize("text", [None, "<<<<<<< HEAD\n{}"], ids=["gone", "a merge conflict"])
def test_a_notebook_that_cannot_be_read_is_missing_and_the_others_are_packed(work, capsys, text):
    path = work / "exercises/03_scaling.ipynb"
    path.unlink() if text is None else path.write_text(text)
    assert run(work) == 1
    out = capsys.readouterr().out
    assert out.startswith("03_scaling: ") and out.endswith("Missing: all of 03_scaling.\n")
    assert list(inside(work / "ada.zip")) == ["04_softmax.ipynb"]


def test_without_any_notebook_there_is_no_zip(work, capsys):
    for path in (work / "exercises").iterdir():
        path.unlink()
    assert run(work) == 2
    assert capsys.readouterr().err.splitlines()[-1] == export.NONE_HERE
    assert list(work.glob("*.zip")) == []


# Names and places


@pytest.mark.parametrize("name", ["", " ", "a/b", "..", ".hidden", "a\\b", "c:ada", "a\nb", "?"])
def test_a_name_that_makes_no_file_is_refused(work, capsys, name):
    assert run(work, name) == 2
    assert "makes no file" in capsys.readouterr().err
    assert list(work.parent.rglob("*.zip")) == []


@pytest.mark.parametrize("name", ["Ada Lovelace", "Zoë", "ada.zip", "o'neill-2"])
def test_a_name_may_have_spaces_accents_and_its_ending(work, name):
    assert run(work, name) == 0
    assert (work / f"{name.removesuffix('.zip')}.zip").is_file()


def test_an_older_zip_is_kept_and_an_equal_one_stays(work, capsys):
    run(work)
    first = (work / "ada.zip").read_bytes()
    run(work)
    assert list(work.glob("*kept*")) == []
    write(work, "03_scaling", scale="return scores / d_k")
    capsys.readouterr()
    run(work)
    assert (work / "ada.kept-1.zip").read_bytes() == first
    assert "Your older ada.zip is kept beside it: ada.kept-1.zip." in capsys.readouterr().out


def test_a_lesson_that_is_not_there_and_a_folder_that_is_not_there_are_sentences(work, capsys):
    assert run(work, "ada", "99_magic") == 2 and run(work, to=work / "nowhere") == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("There is no lesson 99_magic. There are: 00_why_attention,")
    assert second.endswith("nowhere is no folder: make it first, or leave --to out.")


def test_outside_a_learners_folder_it_says_how_to_get_one(work, monkeypatch, capsys):
    monkeypatch.chdir(work.parent)
    monkeypatch.setattr("course_tools.targets.ROOT", work.parent / "course")
    assert run(work) == 2
    assert capsys.readouterr().err.startswith("There is no work/ here: ")


def test_a_read_only_folder_is_a_sentence_that_names_the_way_round(work, monkeypatch, capsys):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert run(work) == 1
    assert capsys.readouterr().err == (
        f"{work / 'ada.zip'} cannot be written (Read-only file system): mend that, or name a folder with --to.\n"
    )


def test_ctrl_c_leaves_no_zip_and_is_a_sentence(work, monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    assert run(work) == 130
    assert capsys.readouterr().err.startswith("\nStopped before the zip was written.")
    assert [path.name for path in work.iterdir() if "zip" in path.name or "draft" in path.name] == []


def test_the_command_takes_a_folder_with_spaces(work, tmp_path):
    (tmp_path / "hand in").mkdir()
    result = CliRunner().invoke(cli.app, ["export", "ada", "03", "--to", str(tmp_path / "hand in")])
    assert result.exit_code == 0 and list(inside(tmp_path / "hand in/ada.zip")) == ["03_scaling.ipynb"]
