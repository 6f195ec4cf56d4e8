// @ts-check
// One lesson on the wall. jupyterlab-slideshow decides what a slide shows; this walks from slide to slide and fits each
// to the room.

import { fit, sticksOut } from "./fit.js";
import { listen } from "./keys.js";
import { outputsOf } from "./outputs.js";
import { showTurn, turnsOf } from "./turns.js";

const STOPS = ["slide", "subslide", "fragment"];
const PARTS = ".jp-Cell-outputArea, .jp-MarkdownOutput, .jp-InputArea-editor, .course-figure"; // what may grow by itself

/** Run the lesson and put its first slide on the wall. @param {any} app @param {any} panel the notebook's */
export async function show(app, panel) {
  const book = panel.content, closed = new AbortController();
  const outputs = outputsOf(app, book, typeOf, holdsFigure);
  const place = Object.assign(document.createElement("div"), { className: "course-place" });
  let shown = ""; // the slide that was fitted last
  /** @type {HTMLElement[]} */
  let reached = []; // what the room has seen of this slide: it stays, though a hand goes back into an earlier figure
  let at = -1; // the cell up to which it has been seen
  /** @type {Map<HTMLElement, number>} */
  let turns = new Map(); // of this slide
  let full = false; // it did not fit at the smallest sizes: to try again at every word would stop the show

  const presenting = () => document.body.dataset.jpDeckMode === "presenting" && app.shell.currentWidget === panel;
  const onSlide = () => book.widgets.filter((/** @type {any} */ cell) => cell.node.classList.contains("jp-deck-mod-onscreen"));
  const onScreen = () => onSlide().map((/** @type {any} */ cell) => cell.node);
  const showWords = () => showTurn(turns, turns.get(book.widgets[at]?.node) ?? 0);

  /** @param {HTMLElement} stage @param {HTMLElement[]} cells */
  const overflows = (stage, cells) => {
    const room = stage.getBoundingClientRect();
    return cells.some((cell) => {
      const box = cell.getBoundingClientRect();
      if (!box.height) return false; // its turn is another
      const wide = cell.classList.contains("course-figure-cell") && sticksOut(cell);
      return wide || box.bottom > room.bottom + 1 || box.top < room.top - 1 || box.right > room.right + 1;
    });
  };

  /** @param {boolean} [anew] */
  const refit = (anew) => {
    if (!presenting()) return;
    if (document.fonts.status !== "loaded") document.fonts.ready.then(() => refit(true)); // a formula's arrive late
    const stage = book.viewportNode;
    stage.classList.add("course-wall");
    const cells = onScreen();
    const names = cells.map((/** @type {HTMLElement} */ cell) => cell.dataset.windowedListIndex).join();
    for (const cell of cells) cell.classList.toggle("course-figure-cell", holdsFigure(cell));
    outputs.mark(cells);
    turns = turnsOf(onSlide());
    showWords();
    if (!anew && names === shown && (full || !overflows(stage, cells))) return; // nothing moves under a hand that drags
    shown = names;
    fit(stage, cells, turns);
    showWords();
    full = overflows(stage, cells);
    const slides = book.widgets.map((/** @type {any} */ cell) => typeOf(cell)).map((/** @type {string} */ type) => type === "slide" || type === "subslide");
    const count = (/** @type {boolean[]} */ some) => some.filter(Boolean).length;
    place.textContent = `${count(slides.slice(0, book.activeCellIndex + 1))} / ${count(slides)}`;
  };
  const observer = new ResizeObserver(() => refit());
  const words = new MutationObserver(() => requestAnimationFrame(() => refit())); // a longer row in a figure
  const follow = (stepped = false) => {
    if (panel.isDisposed) return;
    if (!presenting()) return leave();
    reach(stepped);
    if (!place.isConnected) document.body.append(place);
    observer.disconnect();
    words.observe(book.viewportNode, { subtree: true, childList: true, characterData: true });
    refit();
    for (const cell of onScreen()) for (const part of cell.querySelectorAll(PARTS)) observer.observe(part);
  };
  /** @param {boolean} stepped by a key, and not by what the focus went into */
  const reach = (stepped) => {
    const index = book.activeCellIndex, cells = onScreen();
    if (!stepped && index < at && cells.includes(book.widgets[at].node)) return keep(reached);
    at = index;
    let end = at + 1; // the deck itself shows one cell behind a fragment, and no more
    while (end < book.widgets.length && !STOPS.includes(typeOf(book.widgets[end]))) end++;
    keep(onSlide().filter((/** @type {any} */ cell) => book.widgets.indexOf(cell) < end).map((/** @type {any} */ cell) => cell.node));
  };
  const keep = (/** @type {HTMLElement[]} */ cells) => {
    reached = cells;
    for (const cell of book.widgets) cell.node.classList.toggle("course-reached", cells.includes(cell.node));
  };
  const leave = () => {
    keep([]);
    at = -1;
    observer.disconnect();
    words.disconnect();
    place.remove();
    shown = "";
    book.viewportNode.classList.remove("course-wall", "course-wall-beside");
    for (const cell of book.widgets) cell.node.classList.remove("course-figure-cell", "course-past", "course-ahead");
    outputs.mark([]);
  };

  /** Go to the next cell at which something new is shown. @param {number} step */
  const go = (step) => {
    if (step > 0 && outputs.showNext()) return;
    let index = at < 0 ? book.activeCellIndex : at;
    if (step < 0) while (index > 0 && !STOPS.includes(typeOf(book.widgets[index]))) index--; // the start of this one
    do index += step; while (index > 0 && index < book.widgets.length && !STOPS.includes(typeOf(book.widgets[index])));
    if (index < 0 || index >= book.widgets.length) return;
    book.activeCellIndex = index;
    setTimeout(() => follow(true)); // after the deck has shown and hidden its cells
  };

  listen({
    signal: closed.signal, presenting, go, shown: () => reached, runAgain: outputs.runAgain, leave: () => app.commands.execute("deck:stop"),
    activate: (cell) => { book.activeCellIndex = book.widgets.findIndex((/** @type {any} */ one) => one.node === cell); },
  });
  window.addEventListener("resize", () => setTimeout(() => refit(true)), { signal: closed.signal });
  const mode = new MutationObserver(() => setTimeout(() => follow()));
  mode.observe(document.body, { attributeFilter: ["data-jp-deck-mode"] });
  book.activeCellChanged.connect(() => setTimeout(() => follow()));
  panel.disposed.connect(() => {
    closed.abort();
    for (const watcher of [mode, observer, words]) watcher.disconnect();
    place.remove();
  });
  // A show leaves the file as it was, unless somebody saves it by hand.
  Object.defineProperty(panel.context.model, "dirty", { get: () => false, set() {} });

  const done = app.commands.execute("notebook:run-all-cells");
  book.activeCellIndex = 0;
  await app.commands.execute("deck:start");
  await done;
  refit(true);
}

/** @param {any} cell */
export function typeOf(cell) {
  return cell.model.sharedModel.getMetadata("slideshow")?.slide_type ?? null;
}

/** @param {HTMLElement} cell */
function holdsFigure(cell) {
  return cell.querySelector(":is(.jp-Cell-outputArea) :is(.course-figure, figure, img)") !== null;
}
