"""Exercise 04 as a learner meets it: a wrong softmax is told its mistake, a right one is accepted, nothing is lost."""

import json

from driver import Lab
from playwright.sync_api import expect

EXERCISE = "exercises/04_softmax.ipynb"
WRONG = """def softmax(x, axis=-1):
    e = np.exp(x)
    return e / e.sum(axis, keepdims=True)"""
RIGHT = """def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)"""


def first_code_cell(lab):
    return lab.page.evaluate("() => window.panel.content.widgets.find(c => c.model.type === 'code').model.id")


def test_a_wrong_softmax_is_named_and_a_right_one_accepted(open_notebook):
    lab = open_notebook(EXERCISE)
    lab.run(first_code_cell(lab))
    lab.run("softmax-answer")
    expect(lab.run("softmax-check")).to_contain_text("softmax is not written yet")

    lab.write("softmax-answer", WRONG)
    lab.run("softmax-answer")
    cell = lab.run("softmax-check")
    expect(cell).to_contain_text("exp(1000) is infinite")
    expect(cell).not_to_contain_text("Traceback")

    lab.write("softmax-answer", RIGHT)
    lab.run("softmax-answer")
    expect(lab.run("softmax-check")).to_contain_text("softmax: correct")
    told = lab.page.get_by_text("softmax was changed after it ran")
    expect(told).to_have_count(0)
    lab.write("softmax-answer", WRONG)
    lab.run("softmax-check")
    expect(told).to_be_visible()
    assert lab.strangers == [] and not any("call stack" in error for error in lab.errors)


def test_a_saved_lesson_reopens_untrusted_with_its_pictures(open_notebook, browser, server, work):
    """Another page, another session, and a signature that nobody made: only what stands in the file is shown."""
    path = "notebooks/03_scaling.ipynb"
    lab = open_notebook(path)
    lab.run_all()
    lab.save()
    saved = json.loads((work / path).read_text(encoding="utf-8"))
    assert "widget-view" not in json.dumps(saved)
    saved["metadata"]["untrusted"] = "changed by another hand"
    (work / "notebooks" / "untrusted.ipynb").write_text(json.dumps(saved), encoding="utf-8")

    again = Lab(browser, server, viewport=(1280, 6000)).open("notebooks/untrusted.ipynb")
    try:
        assert not any(again.page.evaluate("() => window.panel.content.widgets.map(cell => cell.model.trusted)"))
        pictures = again.page.locator(".jp-OutputArea figure > img[alt]:visible")  # one more waits behind a guess
        expect(pictures.first).to_be_visible()
        widths = pictures.evaluate_all(DECODED_WIDTHS)
        assert widths and min(widths) > 0
        assert again.page.get_by_text("model not found").count() == 0
    finally:
        again.close()


DECODED_WIDTHS = "pictures => Promise.all(pictures.map(async img => { await img.decode(); return img.naturalWidth }))"
