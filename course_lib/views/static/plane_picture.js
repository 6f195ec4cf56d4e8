// @ts-check
// What the plane draws: its ground, angle and shadow, labels, and the two rankings.

const SIDE = 440; // of the picture, in its own pixels
const ROWS = 6;
const ROW = 28;

/** @param {number[]} from @param {number[]} to pixels */
function arrowHead([x0, y0], [x, y]) {
  const length = Math.hypot(x - x0, y - y0) || 1;
  const [ax, ay] = length === 1 ? [0, -1] : [(x - x0) / length, (y - y0) / length];
  const corner = (/** @type {number} */ turn) => `${(x - 14 * ax - turn * 6 * ay).toFixed(1)} ${(y - 14 * ay + turn * 6 * ax).toFixed(1)}`;
  return `M${x.toFixed(1)} ${y.toFixed(1)}L${corner(1)}L${corner(-1)}z`;
}

/** @typedef {(place: number[]) => number[]} ToPixel */

/** The grid, and the two axes with their numbers. @param {Element} group @param {ToPixel} toPixel @param {number[]} view */
function drawGround(group, toPixel, [x, y, width]) {
  const step = gridStep(width);
  const [x0, y0] = toPixel([0, 0]);
  const parts = [];
  for (let k = Math.ceil(Math.min(x, y) / step); k * step <= Math.max(x, y) + width; k++) {
    const [px, py] = toPixel([k * step, k * step]);
    const look = { class: k ? "course-grid" : "course-axis" };
    parts.push(shape("line", { x1: px, x2: px, y1: 0, y2: SIDE, ...look }), shape("line", { x1: 0, x2: SIDE, y1: py, y2: py, ...look }));
    if (!k) continue;
    const text = numberText(k * step, step < 0.1 ? 2 : step < 1 ? 1 : 0);
    parts.push(shape("text", { x: px, y: y0 + 18, "text-anchor": "middle" }, text), shape("text", { x: x0 - 6, y: py + 5, "text-anchor": "end" }, text));
  }
  group.replaceChildren(...parts);
}

/** The angle, and the shadow that the chosen arrow casts on the other.
 * @param {Element} group @param {ToPixel} toPixel @param {number[]} chosen @param {number[]} reference */
function drawPair(group, toPixel, chosen, reference) {
  const length = Math.hypot(...reference);
  if (!length || !Math.hypot(...chosen)) return;
  const along = compare(chosen, reference).dot / length;
  const foot = reference.map((part) => (part / length) * along);
  const [[x0, y0], [fx, fy], [cx, cy]] = [[0, 0], foot, chosen].map(toPixel);
  const [[rx, ry]] = [toPixel(reference)];
  const [from, to] = [[rx, ry], [cx, cy]].map(([x, y]) => Math.atan2(y - y0, x - x0));
  const at = (/** @type {number} */ angle, r = 40) => `${(x0 + r * Math.cos(angle)).toFixed(1)} ${(y0 + r * Math.sin(angle)).toFixed(1)}`;
  const turn = Math.atan2(Math.sin(to - from), Math.cos(to - from));
  group.append(
    shape("line", { x1: x0, y1: y0, x2: fx, y2: fy, class: "course-shadow" }),
    shape("line", { x1: cx, y1: cy, x2: fx, y2: fy, class: "course-drop" }),
    shape("path", { d: `M${at(from)}A40 40 0 0 ${turn > 0 ? 1 : 0} ${at(to)}`, class: "course-arc" }));
}

/** Where a moved word came from. @param {Element} group @param {number[]} tip @param {number[]} origin */
function drawBefore(group, [x, y], [x0, y0]) {
  group.append(shape("line", { x1: x0, y1: y0, x2: x, y2: y, class: "course-before" }),
    shape("circle", { cx: x, cy: y, r: 6, class: "course-before" }));
}

/** @param {Element} group @param {string[]} words @param {number[][]} tips @param {number[]} origin @param {number} own @param {number} ref */
function drawLabels(group, words, tips, origin, own, ref) {
  const order = [own, ref, ...words.keys()].filter((i, at, all) => all.indexOf(i) === at);
  const along = [...Array(28).keys()].map((k) => 16 * k);
  const clear = [...along.map((x) => [x, origin[1]]), ...along.map((y) => [origin[0], y]), ...[own, ref].flatMap((i) =>
    [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((part) => origin.map((from, axis) => from + part * (tips[i][axis] - from))))];
  const middles = placed(order.map((i) => tips[i]), order.map((i) => 10 * words[i].length + 8), origin, SIDE, clear);
  group.replaceChildren(...order.map((i, at) => shape("text", {
    x: middles[at][0].toFixed(1), y: (middles[at][1] + 5).toFixed(1), "text-anchor": "middle",
    class: i === own ? "course-chosen" : i === ref ? "course-reference" : "",
  }, words[i])));
}

/** What all features say, as long as neither word was moved.
 * @param {Float64Array} data @param {number} d @param {number} own @param {number} ref @param {Choice} now */
function inFull(data, d, own, ref, now) {
  if (now.moved[now.chosen] || now.moved[now.reference]) return "";
  const [a, b] = [own, ref].map((i) => data.subarray(i * d, (i + 1) * d));
  const product = (/** @type {Float64Array} */ one, /** @type {Float64Array} */ two) => one.reduce((sum, part, f) => sum + part * two[f], 0);
  const lengths = Math.sqrt(product(a, a) * product(b, b));
  return `all ${d} features: dot product ${numberText(product(a, b))}, cosine ${numberText(lengths ? product(a, b) / lengths : 0)}`;
}

/** @param {HTMLElement} root @param {number[]} order @param {Near[]} all @param {"dot" | "cosine"} by @param {number} own */
function list(root, order, all, by, own) {
  root.replaceChildren(...order.slice(0, ROWS).map((i) => make("li", i === own ? { class: "course-own" } : {},
    make("span", {}, i === own ? "itself" : all[i].word), make("b", {}, numberText(all[i][by])))));
}

/** From a word's place in one list to its place in the other: thick and dashed where they disagree.
 * A word that is too low for the other list goes off downwards.
 * @param {Element} svg @param {number[]} byDot @param {number[]} byCosine */
function drawLinks(svg, byDot, byCosine) {
  const y = (/** @type {number} */ row) => (row + 0.5) * ROW;
  const parts = byDot.map((i, from) => {
    const to = byCosine.indexOf(i);
    const [x1, x2] = [from < ROWS ? 0 : 26, to < ROWS ? 40 : 14];
    const ends = from < ROWS && to < ROWS ? [y(from), y(to)] : from < ROWS ? [y(from), y(from) + 10] : [y(to) + 10, y(to)];
    const look = { class: from === to ? "course-agree" : "course-differ" };
    return Math.min(from, to) < ROWS ? shape("line", { x1, x2, y1: ends[0], y2: ends[1], ...look }) : "";
  });
  svg.replaceChildren(...parts.filter(Boolean));
}
