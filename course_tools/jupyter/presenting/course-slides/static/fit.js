// @ts-check
// Fit a slide to the room: a stage of 1280 x 720, magnified to the window; on it the largest type, then the largest
// figure, for which nothing is cut off. Sizes are tried, not computed: only the browser knows how text wraps.

const STAGE = { width: 1280, height: 720, margin: 32 };
const TYPE = [32, 30, 28, 26, 24, 22, 20]; // pixels on the stage; the last is 1/36 of the wall's height
const COLUMNS = [0.3, 0.36, 0.42, 0.48]; // of the width for the text, where a figure stands beside it
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
  const set = (/** @type {number} */ type, /** @type {number} */ column, /** @type {number} */ size) => {
    const beside = column < 1;
    stage.classList.toggle("course-wall-beside", beside);
    stage.style.setProperty("--course-type", `${type}px`);
    stage.style.setProperty("--course-column", `${beside ? column * room.width : room.width}px`);
    stage.style.setProperty("--course-figures", `${beside ? (1 - column) * room.width - GAP : room.width}px`);
    stage.style.setProperty("--course-figure-zoom", String(size));
  };
  const wide = () => figures.some((cell) => {
    const output = cell.querySelector(".jp-Cell-outputArea");
    return output !== null && output.scrollWidth > output.clientWidth + 1;
  });
  let best = { type: TYPE[TYPE.length - 1], column: 1, size: 0.5 };
  for (const type of TYPE) {
    const ways = (figures.length && words.length ? [...COLUMNS, 1] : [1]).map((column) => {
      const fits = (/** @type {number} */ size) => {
        set(type, column, size);
        const [text, drawn] = [height(words), height(figures)];
        return (column < 1 ? Math.max(text, drawn) : text + drawn) <= room.height && !wide();
      };
      return { type, column, size: fits(0.6) ? largest(0.6, 1.7, fits) : 0 };
    });
    const way = ways.reduce((one, other) => (other.size > one.size + 0.02 ? other : one));
    if (way.size > best.size + 0.02 || best.size === 0.5) best = way.size ? way : best;
    if (best.size >= 1 || (way.size && !figures.length)) break; // smaller type only where it saves a small figure
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
