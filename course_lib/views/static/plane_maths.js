// @ts-check
// What the plane computes: places, dot products, cosines, angles, rankings, and the sentence that says them.

/** @typedef {{chosen: string, reference: string, moved: Record<string, number[]>}} Choice
 * @typedef {{word: string, at: number[], dot: number, cosine: number, angle: number}} Near */

const MOST = 4; // times its own width that the frame may grow
const STEPS = 9; // decimals that count in a ranking: equal rows must tie, whatever the last bits say

/** Dot product, cosine and angle in degrees; a word without a length has the cosine 0 and no angle.
 * @param {number[]} a @param {number[]} b @returns {{dot: number, cosine: number, angle: number}} */
export function compare(a, b) {
  const dot = a[0] * b[0] + a[1] * b[1];
  const [one, other] = [Math.hypot(a[0], a[1]), Math.hypot(b[0], b[1])];
  if (!one || !other) return { dot, cosine: 0, angle: NaN };
  const cosine = (a[0] / one) * (b[0] / other) + (a[1] / one) * (b[1] / other);
  const angle = (Math.atan2(Math.abs(a[0] * b[1] - a[1] * b[0]), dot) * 180) / Math.PI;
  return { dot, cosine: Math.min(1, Math.max(-1, cosine)), angle };
}

/** Where the words stand now. @param {number[][]} start @param {string[]} words @param {Choice} choice @returns {number[][]} */
export function placesNow(start, words, choice) {
  return words.map((word, i) => choice.moved[word] ?? start[i]);
}

/** Every word, and the place that the chosen one was moved from, against the chosen one.
 * @param {number[][]} start @param {string[]} words @param {Choice} choice @returns {Near[]} */
export function nearness(start, words, choice) {
  const places = placesNow(start, words, choice);
  const own = words.indexOf(choice.chosen);
  const all = words.map((word, i) => ({ word, at: places[i] }));
  if (choice.moved[choice.chosen]) all.push({ word: `${choice.chosen} before`, at: start[own] });
  return all.map((other) => ({ ...other, ...compare(places[own], other.at) }));
}

/** Places in a ranking, best first; the earlier one first where two tie. @param {number[]} values @returns {number[]} */
export function ranked(values) {
  const rounded = values.map((value) => Math.round(value * 10 ** STEPS));
  return values.map((_, i) => i).sort((a, b) => rounded[b] - rounded[a] || a - b);
}

/** The one sentence; plane.py has the same.
 * @param {number[][]} start @param {string[]} words @param {Choice} choice @param {number} [total] @returns {string} */
export function describe(start, words, choice, total = words.length) {
  const all = nearness(start, words, choice);
  const [chosen, reference] = [choice.chosen, choice.reference].map((word) => all[words.indexOf(word)]);
  /** @param {"dot" | "cosine"} by */
  const order = (by) => ranked(all.map((near) => near[by])).slice(0, 3)
    .map((i) => (i === words.indexOf(choice.chosen) ? "itself" : all[i].word)).join(", ");
  const place = (/** @type {Near} */ near) => `${near.word} (${numberText(near.at[0])}, ${numberText(near.at[1])})`;
  const angle = Number.isNaN(reference.angle) ? "no angle" : `angle ${numberText(reference.angle, 0)}°`;
  const cut = total > words.length ? `The first ${words.length} of ${total} words. ` : "";
  return `${cut}${place(chosen)} and ${place(reference)}: dot product ${numberText(reference.dot)}, cosine ${numberText(reference.cosine)}, ` +
    `${angle}. Nearest to ${chosen.word} by dot product: ${order("dot")}; by cosine: ${order("cosine")}.`;
}

/** How much of the plane is shown: its own frame, doubled until every word stands in it, at most four times as wide.
 * @param {number[]} frame low x, low y, width @param {number[][]} places @returns {number[]} */
export function framed(frame, places) {
  const fits = (/** @type {number} */ grown) => places.every((at) =>
    at.every((part, axis) => part >= grown * frame[axis] && part <= grown * (frame[axis] + frame[2])));
  const grown = [1, 2].find(fits) ?? MOST;
  return frame.map((side) => grown * side);
}

/** Where a place may be: not outside the frame at its widest.
 * @param {number[]} frame @param {number[]} place @param {number} [most] @returns {number[]} */
export function inside(frame, [px, py], most = MOST) {
  const clamp = (/** @type {number} */ value, /** @type {number} */ low) =>
    Math.min(most * (low + frame[2]), Math.max(most * low, value));
  return [clamp(px, frame[0]), clamp(py, frame[1])];
}

/** A place on the grid of hundredths, so that the numbers shown are the numbers used. @param {number[]} place */
export function snapped([x, y]) {
  return [Math.round(x * 100) / 100 + 0, Math.round(y * 100) / 100 + 0];
}

/** Where a key moves a word, or null for a key that it does not use; + and − make the arrow longer and shorter.
 * @param {string} key @param {number[]} at @param {boolean} fine @returns {number[] | null} */
export function movedBy(key, at, fine) {
  const step = fine ? 0.01 : 0.1;
  /** @type {Record<string, number[]>} */
  const moves = { ArrowRight: [step, 0], ArrowLeft: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
  if (Object.hasOwn(moves, key)) return snapped([at[0] + moves[key][0], at[1] + moves[key][1]]);
  if (key === "+") return [2 * at[0], 2 * at[1]];
  if (key === "-") return [at[0] / 2, at[1] / 2];
  return null;
}

/** Round steps for a grid: 1, 2 or 5 times a power of ten, about six of them. @param {number} width */
export function gridStep(width) {
  const power = 10 ** Math.floor(Math.log10(width / 6));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => width / step <= 8) ?? power;
}

/** Where each label stands: beside its tip, on the side where it covers least, outward where that is free.
 * @param {number[][]} tips pixels @param {number[]} widths @param {number[]} origin pixels @param {number} size of the picture
 * @param {number[][]} [clear] more points to keep clear of
 * @returns {number[][]} middles of the labels */
export function placed(tips, widths, origin, size, clear = []) {
  const taken = [...tips.map(([x, y]) => [x, y, 26, 26]), ...clear.map(([x, y]) => [x, y, 10, 10])];
  return tips.map(([x, y], i) => {
    const away = Math.atan2(y - origin[1], x - origin[0]);
    const choices = [0, 1, -1, 2, -2, 3, -3, 4].map((turn) => {
      const angle = away + (turn * Math.PI) / 4;
      return [x + Math.cos(angle) * (widths[i] / 2 + 15), y + Math.sin(angle) * 25];
    });
    const costs = choices.map(([cx, cy], rank) => {
      const covered = taken.reduce((sum, [tx, ty, wide, high]) => sum +
        Math.max(0, (wide + widths[i]) / 2 - Math.abs(tx - cx)) * Math.max(0, (high + 20) / 2 - Math.abs(ty - cy)), 0);
      const out = cx - widths[i] / 2 < 0 || cx + widths[i] / 2 > size || cy < 10 || cy > size - 10;
      return covered + rank * 12 + (out ? 1e6 : 0);
    });
    const best = choices[costs.indexOf(Math.min(...costs))];
    taken.push([...best, widths[i], 20]);
    return best;
  });
}
