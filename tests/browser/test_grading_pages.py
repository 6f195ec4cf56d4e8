"""The grader's pages in Chromium: nothing that a learner wrote runs, and nothing is asked of the network."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from course_tools.grading.class_report import class_report
from course_tools.grading.reports import report
from course_tools.grading.similar import similar_report

HOSTILE = [
    "<script>document.title='run'</script>",
    "</title></style></pre></code><script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "<svg onload=\"document.title='run'\">",
    "<a href=\"javascript:document.title='run'\">press</a>",
    "<iframe srcdoc=\"<script>parent.document.title='run'</script>\"></iframe>",
    '<link rel=stylesheet href=http://127.0.0.1:9/x.css><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
    '"><form action="http://127.0.0.1:9/"><button autofocus onfocus="document.title=\'run\'">',
]


def row(words, learner):
    record = {"lesson": "03_scaling", "exercise": "3.2", "function": "scale", "outcome": "not yet", "mistake": words}
    record |= {"message": words, "points": 0, "max_points": 2, "answer": words, "tree": "alike", "nodes": 99}
    about = {"learner": learner, "lesson": "03_scaling", "file": words, "status": words, "reason": words}
    return about | {"points": 0, "max_points": 8, "others": [words], "exercises": [record]}


ROWS = [row(words, words) for words in HOSTILE]
PAGES = {
    "report": report(HOSTILE[1], ROWS),  # the learner whose name closes the title
    "class": class_report(ROWS),
    "similar": similar_report([*ROWS, *(row(words, words + "2") for words in HOSTILE)]),
}


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_that_a_learner_wrote_runs_and_the_page_is_accessible(kind, browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGES[kind], "utf-8")
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.title") != "run"
    assert asked == [path.as_uri()]
    assert page.locator("script, img, svg, iframe, link, form, button, a").count() == 0
    shown = page.locator("body").inner_text()
    assert all(words in shown for words in HOSTILE)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    page.close()
