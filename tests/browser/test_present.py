"""`course present` in a real JupyterLab: each lesson walked to its last slide, in two rooms, by keys alone."""

import driver
import pytest
from playwright.sync_api import expect

from course_tools import lab, present
from course_tools.work import fill

LESSONS = sorted(path.stem for path in (driver.ROOT / "notebooks").glob("*.ipynb"))
SMALL, LARGE = (1280, 720), (1920, 1080)
SMALLEST_TYPE = 1 / 36  # of the height of the wall, for the text of a slide

# What a slide shows, and what of it does not stand whole on the wall.
LOOK = """() => {
  const book = window.panel.content, wall = book.viewportNode;
  const cells = book.widgets.map(c => c.node).filter(c => c.classList.contains('jp-deck-mod-onscreen'));
  const parts = cells.flatMap(c => [c, ...c.querySelectorAll(
    'img, svg, canvas, table, p, li, pre, h1, h2, .cm-line, button, input, figcaption, .course-figure')]);
  const cut = parts.filter(part => {
    const box = part.getBoundingClientRect();
    if (!box.width || !box.height || !part.checkVisibility()) return false;
    return box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
  });
  const wrapped = cells.filter(c => !c.classList.contains('course-figure-cell'))
    .flatMap(c => [...c.querySelectorAll('.cm-line')])
    .filter(line => line.offsetHeight > 1.5 * parseFloat(getComputedStyle(line).lineHeight));
  const text = cells.flatMap(c => [...c.querySelectorAll('.jp-MarkdownOutput p, .jp-MarkdownOutput li')]);
  const zoom = Number(wall.style.getPropertyValue('--course-zoom'));
  return {
    cell: book.activeCellIndex,
    shown: book.widgets.flatMap((c, n) => c.node.classList.contains('jp-deck-mod-visible') ? [n] : []).join(),
    unseen: cells.filter(c => !c.classList.contains('course-reached')).length,
    waiting: book.viewportNode.querySelectorAll('.course-unrun').length,
    place: document.querySelector('.course-place').textContent,
    cut: cut.map(part => `${part.tagName} ${part.textContent.slice(0, 40)}`),
    wrapped: wrapped.map(line => line.textContent),
    type: Math.min(...text.map(part => parseFloat(getComputedStyle(part).fontSize))) * zoom / innerHeight,
    figure: cells.some(c => c.classList.contains('course-figure-cell')),
  };
}"""

ZOOMED = "() => window.panel.content.viewportNode.style.getPropertyValue('--course-zoom') === '1.5'"
SHOWN = "cell => window.panel.content.widgets[cell].node.classList.contains('jp-deck-mod-visible')"
FAULTS = ", ".join(f'[data-mime-type="application/vnd.jupyter.{kind}"]' for kind in ("error", "stderr"))


@pytest.fixture(scope="module")
def wall(tmp_path_factory):
    """A server as `course present` starts it, with a learner's folder of its own."""
    work = tmp_path_factory.mktemp("show") / "work"
    fill(driver.ROOT, work)
    present.prepare(work)
    variables, options = lab.environment() | present.environment(), present.options(work)
    with driver.jupyterlab(work, tmp_path_factory.mktemp("jupyter"), variables, extra=options) as url:
        yield url, work


@pytest.fixture(scope="module")
def window(browser, wall):
    """The page of JupyterLab that all lessons are shown in, one after the other."""
    page = driver.Lab(browser, wall[0], viewport=SMALL)
    yield page
    page.close()


@pytest.fixture
def show(window):
    """`show("03_scaling")` opens the lesson in a small room and waits until all of its cells have run."""

    def open_(stem):
        resize(window, SMALL)
        path = f"notebooks/{stem}.ipynb"
        window.open(path)
        window.page.wait_for_function("path => document.body.dataset.courseSlides === path", arg=path, timeout=240_000)
        window.drawn()
        return window

    return open_


def resize(page, room):
    page.page.set_viewport_size(dict(zip(("width", "height"), room, strict=True)))


def settled(page):
    """The slide as it looks once two frames in a row have shown the same."""
    before = None
    while (now := page.page.evaluate(LOOK)) != before:
        before = now
        page.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return now


def press(page, key, before):
    """Press a key and return the slide it leads to from the one before; None where it leads nowhere."""
    page.page.keyboard.press(key)
    after = settled(page)
    return None if (after["shown"], after["waiting"]) == (before["shown"], before["waiting"]) else after


def commit_the_guess(page):
    """Where the slide asks for a guess, give one, so that it shows its answer, and the figure of it; True if it did."""
    form = page.page.locator(".jp-deck-mod-visible .course-predict form")
    if form.count():
        for field in form.get_by_role("textbox").all():
            field.fill("7")
        form.get_by_role("button").click()
        expect(page.page.locator(".jp-deck-mod-visible .course-predict").get_by_role("status")).not_to_be_empty(
            timeout=60_000
        )
        page.drawn()  # the figure that comes with the answer
        return True
    return False


def move_a_figure(page):
    """Move the first slider on the slide by an arrow; True if there was one."""
    sliders = page.page.locator(".jp-deck-mod-visible .course-figure :is(input[type=range], [role=slider])")
    sliders = sliders.locator("visible=true")
    if not sliders.count():
        return False
    value = "e => e.getAttribute('aria-valuetext')"
    slider, before = sliders.first, settled(page)
    slider.focus()
    moved_from = slider.evaluate(value)
    page.page.keyboard.press("ArrowRight")
    if slider.evaluate(value) == moved_from:  # it stood at its end
        page.page.keyboard.press("ArrowLeft")
    assert slider.evaluate(value) != moved_from
    assert settled(page)["place"] == before["place"]
    page.page.keyboard.press("Escape")
    return True


@pytest.mark.parametrize("stem", LESSONS)
def test_a_lesson_is_walked_to_its_last_slide_and_nothing_is_cut_off_in_either_room(show, stem):
    page = show(stem)
    look, moved, seen = settled(page), False, []
    while look:
        if commit_the_guess(page):
            look = settled(page)
        seen.append(look)
        moved = moved or move_a_figure(page)
        look = press(page, "ArrowRight", look)
    last = int(seen[-1]["place"].split(" / ")[1])
    assert list(dict.fromkeys(one["place"] for one in seen)) == [f"{n} / {last}" for n in range(1, last + 1)]
    assert moved, "no slider was found to move"
    left = {one["place"]: one for one in seen}  # each slide as it was left: all of it has been seen
    assert [one["place"] for one in left.values() if one["unseen"] or one["waiting"]] == []
    resize(page, LARGE)
    page.page.wait_for_function(ZOOMED)
    for cell in sorted({one["cell"] for one in seen if one["figure"]}):
        page.page.evaluate("cell => { window.panel.content.activeCellIndex = cell }", cell)
        page.page.wait_for_function(SHOWN, arg=cell)
        seen.append(settled(page))
    for one in seen:
        assert one["cut"] == [] and one["wrapped"] == [], one
        assert one["type"] is None or one["type"] >= SMALLEST_TYPE, one
    assert page.page.locator(FAULTS).count() == 0
    assert page.errors == [] and page.strangers == []


def deck(page):
    return page.page.evaluate("() => document.body.dataset.jpDeckMode")


def forward(page, place):
    """Press Page Down until the slide of this number is there; return it."""
    look = settled(page)
    while look and not look["place"].startswith(f"{place} /"):
        look = press(page, "PageDown", look)
    return look


FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.className"


def test_lesson_05_is_given_by_keyboard_alone(show):
    page = show("05_masking")
    keys, look = page.page.keyboard, forward(page, 6)
    question = page.page.locator(".jp-deck-mod-onscreen p", has_text="what becomes of .85?")
    heading = page.page.locator(".jp-deck-mod-onscreen h2", has_text="The step that was missing")
    figure = page.page.locator(".jp-deck-mod-onscreen .course-stepper")
    expect(question).to_be_visible()
    place = figure.bounding_box()
    keys.press("ArrowRight")  # the tasks beside the stepper, in the place of the question
    expect(question).to_be_hidden()
    expect(heading).to_be_visible()
    assert figure.bounding_box() == place
    tasks = page.page.locator(".jp-deck-mod-onscreen", has_text="Press Next until you reach the step mask").last
    expect(tasks).to_have_css("opacity", "1")
    keys.press("Tab")
    inside = "document.activeElement.closest('.course-figure') !== null"
    assert page.page.evaluate(inside)
    settled(page)
    expect(tasks).to_have_css("opacity", "1")  # though the figure in front of them has the focus
    while page.page.evaluate(inside):
        keys.press("Tab")
    assert page.page.evaluate("document.activeElement === document.body")  # beyond its last control
    keys.press("Escape")
    assert page.page.evaluate("document.activeElement.matches('.jp-deck-mod-onscreen')") and deck(page) == "presenting"
    keys.press("ArrowRight")
    assert settled(page)["place"].startswith("7 /")
    forward(page, 9)
    for key in ("Tab", "Tab", "Tab", "End", "Space"):  # the painter: its last cell of row 0, which looks at 5 now
        keys.press(key)
    assert page.page.evaluate(FOCUSED).startswith("0 (the) may look at 5")
    keys.press("Escape")
    look = forward(page, 12)
    assert look["waiting"] == 1  # what the cell will print
    keys.press("r")
    expect(page.page.locator(".course-reached .jp-OutputArea-output pre")).to_contain_text("moved: [0 5]")
    keys.press("Tab")
    assert "cm-content" in page.page.evaluate(FOCUSED)
    keys.press("Escape")
    assert deck(page) == "presenting"
    back, look = [], settled(page)
    while look:
        back.append(look)
        look = press(page, "PageUp", look)
    assert back[-1]["place"].startswith("1 /") and not any(one["waiting"] for one in back)
    assert [one["place"].split(" ")[0] for one in back].count("6") == 2  # with its tasks, and without
    page.page.evaluate("document.activeElement.blur()")
    keys.press("Escape")
    page.page.wait_for_function("() => document.body.dataset.jpDeckMode === undefined")
    assert page.errors == []


def raise_hands(page, work):
    """Type a room's counts and hold the card to them."""
    card = page.page.locator(".jp-deck-mod-visible .course-predict")
    for hands in ("3", "12", "9"):  # Tab finds the first field, then the next
        page.page.keyboard.press("Tab")
        page.page.keyboard.type(hands)
    page.page.keyboard.press("Enter")
    said = "The answer: grows. 9 of 24 in the room had it (same 3, shrinks 12, grows 9)."
    expect(card.get_by_role("status")).to_have_text(said, timeout=60_000)
    expect(card).to_contain_text("this room 9 of 24")
    assert '"hands": [3, 12, 9]' in (work / "rooms.jsonl").read_text("utf-8")
    assert not (work / "predictions.json").exists()
    page.drawn()
    look = settled(page)
    assert look["cut"] == [] and look["place"].startswith("4 /")
    assert page.page.locator(".jp-deck-mod-visible .course-view img").is_visible()


def test_a_room_beside_the_truth_a_slider_with_its_arrows_a_remote_with_its_page_keys_and_escape_leaves(show, wall):
    page = show("03_scaling")
    keys = page.page.keyboard
    file = wall[1] / "notebooks" / "03_scaling.ipynb"
    before, cells = file.read_bytes(), page.cell_sources()
    forward(page, 4)
    raise_hands(page, wall[1])
    slider = page.page.get_by_role("slider", name="dₖ", exact=True).locator("visible=true").first
    slider.focus()
    text = slider.get_attribute("aria-valuetext")
    keys.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuetext", text)
    expect(slider).to_be_focused()
    assert settled(page)["place"].startswith("4 /")
    keys.press("PageDown")
    assert settled(page)["place"].startswith("5 /")
    moves = ("ArrowLeft", "ArrowDown", "ArrowUp", "Space", "Shift+Space", "Enter", "ArrowUp")  # Enter opens no source
    for key, place in zip(moves, "4545454", strict=True):
        keys.press(key)
        assert settled(page)["place"].startswith(f"{place} /"), key
    for key in "xddamz":  # JupyterLab's own commands would delete and merge the cells on the wall
        keys.press(key)
    page.page.evaluate("addEventListener('keydown', event => { window.kept = event.defaultPrevented }, true)")
    for key, kept in (("F11", False), ("F5", True)):  # the start of a remote would load the page anew
        keys.press(key)
        assert page.page.evaluate("window.kept") == kept
    keys.press("b")
    expect(page.page.locator(".course-curtain")).to_be_visible()
    keys.press("b")
    expect(page.page.locator(".course-curtain")).to_have_count(0)
    slider.focus()
    keys.press("Escape")
    assert deck(page) == "presenting"
    expect(slider).not_to_be_focused()
    keys.press("Escape")
    page.page.wait_for_function("() => document.body.dataset.jpDeckMode === undefined")
    expect(page.page.locator(".course-place, .course-wall")).to_have_count(0)
    expect(page.page.locator("#jp-top-panel")).to_be_visible()
    assert page.cell_sources() == cells and file.read_bytes() == before
