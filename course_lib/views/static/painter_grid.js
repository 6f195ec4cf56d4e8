// @ts-check
// The mask as cells: click, drag, Space or Shift with an arrow paints. Above 32 tokens they are pixels of a canvas.

/** @typedef {{paint: (cells: number[][], value: boolean) => void, choose: (query: number, key: number) => void}} Hands
 *   what the grid tells the figure: cells to paint; a header that was clicked, query or key -1 */

const CELLS = 32; // more tokens on a side than this: a canvas
const WORDS = 16; // more than this: no room for words, and cells smaller than a finger

/** Sizes in CSS pixels. @param {{n_q: number, n_k: number, words: string[][]}} all */
export function layoutOf({ n_q, n_k, words }) {
  const most = Math.max(n_q, n_k);
  const cell = Math.min(44, Math.floor(420 / most));
  const longest = (/** @type {string[]} */ side) => Math.min(10, Math.max(...side.map((word, at) => labelOf(side, at).length)));
  // At the left the sign of an empty row needs room; much more, and the controls beside would break their lines.
  const [left, top] = words.map((side, at) => (most <= WORDS ? Math.max(46, (at ? 22 : 23) + 8.5 * longest(side)) : 46));
  return { most, cell, left, top: longest(words[1]) <= 2 || most > WORDS ? 30 : top };
}

/** What stands at a row: its place, and its word where it says more. @param {string[]} words @param {number} at */
function labelOf(words, at) {
  return words[at] === String(at) ? words[at] : `${at} ${words[at]}`;
}

/** The cells from one to another, none left out: a quick drag skips cells. @param {number[]} from @param {number[]} to */
export function lineOf([q0, k0], [q1, k1]) {
  const steps = Math.max(Math.abs(q1 - q0), Math.abs(k1 - k0), 1);
  return Array.from({ length: steps + 1 }, (_, s) => [Math.round(q0 + ((q1 - q0) * s) / steps), Math.round(k0 + ((k1 - k0) * s) / steps)]);
}

/** What a cell is, as one number: may look, heard of over several layers, in an empty row, how many hops.
 * @param {Painter} all @param {Chosen} chosen @param {Found} found */
export function codesOf({ n_q, n_k }, chosen, { allowed, empty, hops, reached }) {
  const codes = Int32Array.from(allowed);
  for (const q of empty) for (let k = 0; k < n_k; k++) codes[q * n_k + k] |= 4;
  if (hops && reached) {
    const start = chosen.token * n_k;
    reached.forEach((heard, k) => { if (heard && !allowed[start + k]) codes[start + k] |= 2 + 8 * hops[start + k]; });
  }
  return codes;
}

/** @param {Painter} all @param {Hands} hands */
function gridPanel(all, hands) {
  const { n_q, n_k, words } = all;
  const { most, cell, left, top } = layoutOf(all);
  const beside = all.tools.includes("leak") ? (most <= WORDS ? 84 : 60) : 0;
  const [width, height] = [left + n_k * cell + beside, top + n_q * cell];
  const css = (/** @type {Record<string, number>} */ box) => Object.entries(box).map(([name, px]) => `${name}:${px}px`).join(";");
  const grid = make("div", {
    role: "grid", class: "course-cells", style: css({ width, height }), "aria-rowcount": n_q, "aria-colcount": n_k,
    "aria-label": "mask: a row asks, a column is looked at; Space paints, Shift with an arrow paints on",
  });
  /** @type {Int32Array} */
  let codes = new Int32Array(n_q * n_k).fill(-1);
  let at = 0;
  const place = (/** @type {number} */ q, /** @type {number} */ k) => ({ left: left + k * cell, top: top + q * cell, width: cell, height: cell });
  const nameOf = (/** @type {number} */ spot) => {
    const code = codes[spot];
    const [q, k] = [Math.floor(spot / n_k), spot % n_k];
    const heard = code & 2 ? `, heard from after ${code >> 3} hop${code >> 3 === 1 ? "" : "s"}` : "";
    return `${named(words[0], q)} ${code & 1 ? "may" : "may not"} look at ${named(words[1], k)}${heard}`;
  };
  /** @param {HTMLElement} item @param {number} spot */
  const dress = (item, spot) => {
    const code = codes[spot];
    const looks = ["", " course-looks", " course-heard"][code & 1 || code & 2];
    item.className = `course-cell${looks}${code & 4 ? " course-empty" : ""}`;
    item.setAttribute("aria-label", nameOf(spot));
    item.textContent = code & 2 && cell >= 16 ? String(code >> 3) : "";
  };
  const head = (/** @type {string} */ role, /** @type {number} */ side, /** @type {number} */ i) => {
    const shown = most <= WORDS ? labelOf(words[side], i) : i % 4 ? "" : String(i);
    const box = side ? { left: left + i * cell, top: 0, width: cell, height: top } : { left: 0, top: top + i * cell, width: left, height: cell };
    return make("div", { role, class: side ? "course-top" : "course-left", "aria-label": named(words[side], i), title: named(words[side], i), style: css(box) },
      make("span", { class: side && top > 30 ? "course-upright" : "" }, shown));
  };
  const tops = [...Array(n_k).keys()].map((k) => head("columnheader", 1, k));
  const lefts = [...Array(n_q).keys()].map((q) => head("rowheader", 0, q));
  grid.append(make("div", { role: "row" }, ...tops));

  /** Every cell an element. */
  const asElements = () => {
    const cells = Array.from(codes, (_, spot) => make("div", { role: "gridcell", tabindex: -1, "aria-colindex": (spot % n_k) + 1, style: css(place(Math.floor(spot / n_k), spot % n_k)) }));
    lefts.forEach((name, q) => grid.append(make("div", { role: "row", "aria-rowindex": q + 1 }, name, ...cells.slice(q * n_k, (q + 1) * n_k))));
    return {
      item: (/** @type {number} */ spot) => cells[spot],
      /** @param {Int32Array} before */
      paint: (before) => cells.forEach((item, spot) => { if (codes[spot] !== before[spot]) dress(item, spot); }),
    };
  };
  /** Every cell a pixel, made larger; the one with the focus is an element that moves. */
  const asPixels = () => {
    const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { width: n_k, height: n_q, "aria-hidden": "true",
      style: css({ left, top, width: n_k * cell, height: n_q * cell }) }));
    const moving = make("div", { role: "gridcell", tabindex: 0 });
    const row = make("div", { role: "row" }, moving);
    grid.append(canvas, ...lefts.map((name) => make("div", { role: "row" }, name)), row);
    const item = (/** @type {number} */ spot) => {
      row.setAttribute("aria-rowindex", String(Math.floor(spot / n_k) + 1));
      moving.setAttribute("aria-colindex", String((spot % n_k) + 1));
      moving.style.cssText = css(place(Math.floor(spot / n_k), spot % n_k));
      dress(moving, spot);
      return moving;
    };
    const paint = () => {
      const pen = canvas.getContext("2d");
      if (!pen) return;
      const pixels = pen.createImageData(n_k, n_q);
      const bytes = (/** @type {number} */ share) => [...shade(share, isDark()).map((part) => Math.round(255 * part)), 255];
      const [paper, looks, heard, hatch] = [0, 0.667, 0.42, 0.33].map(bytes);
      codes.forEach((code, spot) => pixels.data.set(code & 1 ? looks : code & 2 ? heard : code & 4 && spot % 2 ? hatch : paper, 4 * spot));
      pen.putImageData(pixels, 0, 0);
      item(at);
    };
    return { item, paint };
  };
  const { item, paint } = most <= CELLS ? asElements() : asPixels();
  const [rowFrame, columnFrame] = ["row", "column"].map((name) => make("div", { class: `course-frame course-frame-${name}`, hidden: "" }));
  const moves = make("div", { class: "course-moves", "aria-hidden": "true" });
  grid.append(rowFrame, columnFrame);

  const settle = (/** @type {number} */ spot) => {
    item(at).setAttribute("tabindex", "-1");
    at = spot;
    item(at).setAttribute("tabindex", "0");
    picker.show();
    return item(at);
  };
  const looks = (/** @type {number} */ spot) => Boolean(codes[spot] & 1);
  const cellAt = (/** @type {number} */ spot) => [Math.floor(spot / n_k), spot % n_k];
  const picker = cellPicker(all, { at: () => at, go: settle, looks, paint: (value) => hands.paint([cellAt(at)], value) });

  // ---- the hand
  /** @param {PointerEvent} event @returns {number[]} */
  const under = (event) => {
    const box = grid.getBoundingClientRect();
    const ratio = box.width / width || 1;
    return [((event.clientY - box.top) / ratio - top) / cell, ((event.clientX - box.left) / ratio - left) / cell].map(Math.floor);
  };
  const inside = (/** @type {number[]} */ [q, k]) => q >= 0 && q < n_q && k >= 0 && k < n_k;
  /** @type {{value: boolean, last: number[]} | null} */
  let drag = null;
  grid.addEventListener("pointerdown", (event) => {
    const spot = under(event);
    if (event.button) return;
    if (inside(spot)) {
      event.preventDefault();
      const cell_ = spot[0] * n_k + spot[1];
      drag = { value: !looks(cell_), last: spot };
      settle(cell_).focus({ preventScroll: true });
      grid.setPointerCapture?.(event.pointerId);
      hands.paint([spot], drag.value);
    } else if (spot[0] < n_q && spot[1] < n_k && Math.max(...spot) >= 0) hands.choose(Math.max(-1, spot[0]), Math.max(-1, spot[1]));
  });
  grid.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const spot = under(event);
    if (spot[0] === drag.last[0] && spot[1] === drag.last[1]) return;
    const cells = lineOf(drag.last, spot).filter(inside);
    drag.last = spot;
    if (cells.length) hands.paint(cells, drag.value);
  });
  for (const end of ["pointerup", "pointercancel"]) grid.addEventListener(end, () => { drag = null; });
  grid.addEventListener("keydown", (event) => {
    if (belongsOutside(event)) return;
    const goal = roveGoal(event.key, at, n_q * n_k, n_k);
    if (goal !== null) {
      event.preventDefault();
      const value = looks(at);
      settle(goal).focus();
      if (event.shiftKey) hands.paint([cellAt(goal)], value);
    } else if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      hands.paint([cellAt(at)], !looks(at));
    }
  });
  grid.addEventListener("focusin", (event) => {
    const spot = most <= CELLS ? [...grid.querySelectorAll("[role=gridcell]")].indexOf(/** @type {Element} */ (event.target)) : at;
    if (spot >= 0 && spot !== at) settle(spot);
  });

  return {
    panel: make("div", { class: "course-mask" }, make("div", { class: "course-over", "aria-hidden": "true" }, "row asks, column is looked at"),
      make("div", { class: "course-scroll" }, make("div", { class: "course-pair", style: css({ width, height }) }, grid, moves)),
      ...(most > WORDS ? [picker.row] : [])),
    /** @param {Chosen} chosen @param {Found} found @param {boolean} [anew] the theme changed */
    show(chosen, found, anew = false) {
      const before = anew ? new Int32Array(codes.length).fill(-1) : codes;
      codes = codesOf(all, chosen, found);
      paint(before);
      item(at).setAttribute("tabindex", "0");
      picker.show();
      lefts.forEach((name, q) => name.classList.toggle("course-empty", found.empty.includes(q)));
      tops.forEach((name, k) => name.classList.toggle("course-poked", Boolean(found.poked) && k === chosen.poke));
      rowFrame.hidden = !found.hops;
      rowFrame.style.cssText = css({ left: left - 1, top: top + chosen.token * cell - 1, width: n_k * cell + 2, height: cell + 2 });
      columnFrame.hidden = !found.poked;
      columnFrame.style.cssText = css({ left: left + chosen.poke * cell - 1, top: top - 1, width: cell + 2, height: n_q * cell + 2 });
      if (found.poked) moves.replaceChildren(...movesOf(found.poked, { most, cell, left: left + n_k * cell + 8, top }));
    },
  };
}

/** How far each output moved, beside its row: a number, or where there is no room a bar, long for a leak.
 * @param {Poked} poked @param {{most: number, cell: number, left: number, top: number}} layout */
function movesOf({ moved, leaks }, { most, cell, left, top }) {
  const title = make("div", { class: "course-move", style: `left:${left}px;top:${top - 26}px;height:24px` }, "moved");
  return [title, ...Array.from(moved, (far, q) => {
    const leak = leaks.includes(q);
    const text = most > WORDS ? "" : far > MOVED ? `${weightText(far)}${leak ? " ⚠" : ""}` : "·";
    const kind = far > MOVED ? (leak ? " course-leak" : " course-moved") : "";
    return make("div", { class: `course-move${most > WORDS ? " course-bar-only" : ""}${kind}`, style: `left:${left}px;top:${top + q * cell}px;height:${cell}px` }, text);
  })];
}

/** One cell by two lists and a button: cells of many tokens are smaller than a finger.
 * @param {Painter} all @param {{at: () => number, go: (spot: number) => HTMLElement, looks: (spot: number) => boolean, paint: (value: boolean) => void}} grid */
function cellPicker({ words, n_q, n_k }, grid) {
  const options = (/** @type {string[]} */ side) => side.map((_, i) => make("option", { value: i }, named(side, i)));
  const [q, k] = words.map((side, i) => /** @type {HTMLSelectElement} */ (make("select", { "aria-label": i ? "column" : "row" }, ...options(side))));
  const button = make("button", { type: "button", class: "course-chip", "aria-pressed": "false" }, "may look");
  for (const select of [q, k]) select.addEventListener("change", () => grid.go(Number(q.value) * n_k + Number(k.value)));
  button.addEventListener("click", () => grid.paint(!grid.looks(grid.at())));
  return {
    row: make("div", { class: "course-picker" }, make("span", {}, "cell"), q, make("span", { "aria-hidden": "true" }, "×"), k, button),
    show() {
      [q.value, k.value] = [String(Math.floor(grid.at() / n_k)), String(grid.at() % n_k)];
      button.setAttribute("aria-pressed", String(grid.looks(grid.at())));
    },
  };
}
