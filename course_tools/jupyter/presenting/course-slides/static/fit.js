// @ts-check
// Fit a slide to the room: a stage of 1280 x 720, magnified to the window; on it the largest type, then the largest
// figure, for which nothing is cut off. Sizes are tried, not computed: only the browser knows how text wraps.

import { largest, remember } from "./sizes.js";
import { showTurn } from "./turns.js";

const STAGE = { width: 1280, height: 720, margin: 32 };
const TYPE = [32, 30, 28, 26, 24, 22, 20]; // pixels on the stage; the last is 1/36 of the wall's height
const COLUMNS = [0.3, 0.36, 0.42, 0.48]; // of the width for the text, where a figure stands beside it
const CODE = { share: 0.8, smallest: 18, wide: 0.61 }; // of the type; pixels; a letter's width at a size of 1
const [CONTROLS, LARGE, WORTH] = [1.2, 1.2, 1.08]; // zooms; and what a figure must gain to be worth smaller type, beside what the type loses
const GAP = 32;

/** Is a figure wider than its cell? @param {HTMLElement} cell */
export function sticksOut(cell) {
  const output = cell.querySelector(".jp-Cell-outputArea");
  if (!output) return false;
  return output.scrollWidth > output.clientWidth + 1 || output.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1;
}

/** Lay out the cells on the stage. @param {HTMLElement} stage @param {HTMLElement[]} cells those of this slide
 * @param {Map<HTMLElement, number>} turns of its words: all have the same sizes, so that no figure jumps */
export function fit(stage, cells, turns) {
  const zoom = Math.min(window.innerWidth / STAGE.width, window.innerHeight / STAGE.height);
  stage.style.setProperty("--course-zoom", String(zoom));
  const figures = cells.filter((cell) => cell.classList.contains("course-figure-cell"));
  const words = cells.filter((cell) => !figures.includes(cell));
  const room = { width: STAGE.width - 2 * STAGE.margin, height: STAGE.height - 2 * STAGE.margin };
  // offsetHeight would be whole pixels; a rectangle is magnified by the stage's zoom.
  const height = (/** @type {HTMLElement[]} */ some) =>
    some.reduce((sum, cell) => sum + cell.getBoundingClientRect().height, 0) / zoom;
  const numbers = [...new Set(turns.values())];
  const tallest = () => Math.max(...numbers.map((turn) => {
    showTurn(turns, turn);
    return height(words);
  }));
  const letters = longestLine(words);
  // Each cell has its own sizes: on the stage, one of them would have the browser style all cells anew.
  const set = (/** @type {HTMLElement[]} */ some, /** @type {Record<string, string>} */ sizes) => {
    for (const cell of some) for (const [name, size] of Object.entries(sizes)) cell.style.setProperty(`--course-${name}`, size);
  };
  const setWords = (/** @type {number} */ type, /** @type {number} */ column) => {
    const code = column * room.width / CODE.wide / letters; // a line that is broken in the middle is hard to read
    set(words, {
      type: `${type}px`, column: `${column * room.width}px`,
      code: `${Math.max(CODE.smallest, Math.min(CODE.share * type, code))}px`,
    });
  };
  const setFigures = (/** @type {number} */ column, /** @type {number} */ size) => {
    stage.classList.toggle("course-wall-beside", column < 1);
    const width = column < 1 ? (1 - column) * room.width - GAP : room.width;
    set(figures, { figures: `${width}px`, "figure-zoom": String(size) });
  };
  // A picture is never wider than its place, so a zoom that its place has no room for makes it no larger.
  const drawn = (/** @type {number} */ size) => Math.min(size, ...figures.flatMap((cell) => [...cell.querySelectorAll("img")])
    .map((image) => image.getBoundingClientRect().width / zoom / Number(image.getAttribute("width") || Infinity)).filter(Boolean));
  const places = (figures.length && words.length ? [...COLUMNS, 1] : [1]).map((column) => ({
    column,
    tried: remember((size) => {
      setFigures(column, size);
      return { height: height(figures), out: figures.some(sticksOut), drawn: drawn(size) };
    }),
  }));
  let best = { type: TYPE[TYPE.length - 1], column: 1, size: 0.5, drawn: 0.5 };
  for (const type of TYPE) {
    const rooms = places.map(({ column }) => {
      setWords(type, column);
      return room.height - tallest();
    });
    const narrow = rooms.findIndex((left) => left >= 0); // of the columns that hold the text, it leaves a figure most
    const ways = places.filter((_, n) => n === narrow || n === places.length - 1).map(({ column, tried }) => {
      const left = rooms[rooms.length - 1];
      let size = column < 1 || left >= 0 ? largest(0.6, 1.7, column < 1 ? room.height : left, tried) : 0;
      if (size) size = Math.min(size, Math.max(CONTROLS, tried(size).drawn)); // its sliders need not outgrow it
      return { type, column, size, drawn: size && tried(size).drawn };
    });
    const way = ways.reduce((one, other) => (other.drawn > one.drawn + 0.02 ? other : one));
    if (best.drawn === 0.5 ? way.size : way.drawn > WORTH * best.drawn * Math.sqrt(best.type / type)) best = way;
    if (best.drawn >= LARGE || (way.size && !figures.length)) break; // smaller type only where it saves a small figure
  }
  setWords(best.type, best.column);
  setFigures(best.column, best.size);
  for (const cell of cells) cell.style.removeProperty("top");
  if (best.column === 1) return;
  let top = 0;
  const middle = Math.max(0, (room.height - height(figures)) / 2);
  for (const cell of figures) {
    cell.style.top = `${STAGE.margin + middle + top}px`;
    top += cell.getBoundingClientRect().height / zoom;
  }
}

/** Letters in the longest line of code or of what it printed. @param {HTMLElement[]} cells */
function longestLine(cells) {
  const parts = cells.flatMap((cell) => [...cell.querySelectorAll(".jp-CodeCell .cm-line, pre")]);
  return Math.max(1, ...parts.flatMap((part) => (part.textContent ?? "").split("\n")).map((line) => line.length + 1));
}
