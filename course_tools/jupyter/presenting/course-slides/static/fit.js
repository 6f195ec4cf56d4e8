// @ts-check
// Fit a slide to the room: a stage of 1280 x 720, magnified to the window; on it the largest type, then the largest
// figure, for which nothing is cut off. Sizes are tried, not computed: only the browser knows how text wraps.

const STAGE = { width: 1280, height: 720, margin: 32 };
const TYPE = [32, 30, 28, 26, 24, 22, 20]; // pixels on the stage; the last is 1/36 of the wall's height
const COLUMNS = [0.3, 0.36, 0.42, 0.48]; // of the width for the text, where a figure stands beside it
const CODE = { share: 0.8, smallest: 18, wide: 0.61 }; // of the type; pixels; a letter's width at a size of 1
const [CONTROLS, LARGE, WORTH] = [1.2, 1.2, 1.08]; // zooms; and what a figure must gain to be worth smaller type
const GAP = 32;

/** The largest of the sizes between low and high that fits, or low. @param {number} low @param {number} high
 * @param {(size: number) => boolean} fits */
export function largest(low, high, fits) {
  if (fits(high)) return high;
  for (let step = 0; step < 6; step++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Is a figure wider than its cell? @param {HTMLElement} cell */
export function sticksOut(cell) {
  const output = cell.querySelector(".jp-Cell-outputArea");
  if (!output) return false;
  return output.scrollWidth > output.clientWidth + 1 || output.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1;
}

/** Lay out the cells on the stage. @param {HTMLElement} stage @param {HTMLElement[]} cells those of this slide */
export function fit(stage, cells) {
  const zoom = Math.min(window.innerWidth / STAGE.width, window.innerHeight / STAGE.height);
  stage.style.setProperty("--course-zoom", String(zoom));
  const figures = cells.filter((cell) => cell.classList.contains("course-figure-cell"));
  const words = cells.filter((cell) => !figures.includes(cell));
  const room = { width: STAGE.width - 2 * STAGE.margin, height: STAGE.height - 2 * STAGE.margin };
  // offsetHeight would be whole pixels; a rectangle is magnified by the stage's zoom.
  const height = (/** @type {HTMLElement[]} */ some) =>
    some.reduce((sum, cell) => sum + cell.getBoundingClientRect().height, 0) / zoom;
  const letters = longestLine(cells);
  const set = (/** @type {number} */ type, /** @type {number} */ column, /** @type {number} */ size) => {
    const beside = column < 1;
    const code = column * room.width / CODE.wide / letters; // a line that is broken in the middle is hard to read
    stage.style.setProperty("--course-code", `${Math.max(CODE.smallest, Math.min(CODE.share * type, code))}px`);
    stage.classList.toggle("course-wall-beside", beside);
    stage.style.setProperty("--course-type", `${type}px`);
    stage.style.setProperty("--course-column", `${beside ? column * room.width : room.width}px`);
    stage.style.setProperty("--course-figures", `${beside ? (1 - column) * room.width - GAP : room.width}px`);
    stage.style.setProperty("--course-figure-zoom", String(size));
  };
  // A picture is never wider than its place, so a zoom that its place has no room for makes it no larger.
  const drawn = (/** @type {number} */ size) => Math.min(size, ...figures.flatMap((cell) => [...cell.querySelectorAll("img")])
    .map((image) => image.getBoundingClientRect().width / zoom / Number(image.getAttribute("width") || Infinity)).filter(Boolean));
  let best = { type: TYPE[TYPE.length - 1], column: 1, size: 0.5, drawn: 0.5 };
  for (const type of TYPE) {
    const ways = (figures.length && words.length ? [...COLUMNS, 1] : [1]).map((column) => {
      const fits = (/** @type {number} */ size) => {
        set(type, column, size);
        const [text, drawn] = [height(words), height(figures)];
        return (column < 1 ? Math.max(text, drawn) : text + drawn) <= room.height && !figures.some(sticksOut);
      };
      if (!fits(0.6)) return { type, column, size: 0, drawn: 0 };
      let size = largest(0.6, 1.7, fits);
      set(type, column, size);
      size = Math.min(size, Math.max(CONTROLS, drawn(size))); // its sliders need not outgrow it
      set(type, column, size);
      return { type, column, size, drawn: drawn(size) };
    });
    const way = ways.reduce((one, other) => (other.drawn > one.drawn + 0.02 ? other : one));
    if (best.drawn === 0.5 ? way.size : way.drawn > WORTH * best.drawn) best = way;
    if (best.drawn >= LARGE || (way.size && !figures.length)) break; // smaller type only where it saves a small figure
  }
  set(best.type, best.column, best.size);
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
