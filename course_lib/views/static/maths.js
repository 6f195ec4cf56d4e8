// @ts-check
// What the figures compute in the browser, in float64 from float32 inputs as Python does, and how they write it.

/** @typedef {{data: Float64Array, shape: number[]}} Floats */

/** An array that Python sent as float32 bytes and a shape.
 * @param {Model} model @param {string} name @returns {Floats} */
export function floats(model, name) {
  const { shape, data } = model.get(name);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { data: Float64Array.from(new Float32Array(bytes.slice().buffer)), shape }; // a copy: DataViews need not be aligned
}

/** Rows of n_k scores become shares that sum to 1; a row of -inf alone becomes 0, one with nan or inf becomes nan.
 * @param {ArrayLike<number>} scores @param {number} n_k
 * @param {boolean} [subtract] the row's maximum first; without it exp overflows above 709
 * @returns {Float64Array} */
export function softmaxRows(scores, n_k, subtract = true) {
  const weights = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += n_k) {
    let top = -Infinity;
    for (let k = 0; k < n_k; k++) top = Math.max(top, scores[start + k]);
    const shift = top === -Infinity || !subtract ? 0 : top;
    let total = 0;
    for (let k = 0; k < n_k; k++) total += weights[start + k] = Math.exp(scores[start + k] - shift);
    for (let k = 0; k < n_k; k++) weights[start + k] /= total === 0 ? 1 : total;
  }
  return weights;
}

/** A (n, m) times B (m, p). @param {Floats} A @param {Floats} B @returns {Floats} */
export function matmul(A, B) {
  const [n, m] = A.shape;
  const p = B.shape[1];
  const data = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += A.data[i * m + k] * B.data[k * p + j];
      data[i * p + j] = sum;
    }
  }
  return { data, shape: [n, p] };
}

/** Rows become columns. @param {Floats} A @returns {Floats} */
export function transpose(A) {
  const [n, m] = A.shape;
  return { data: Float64Array.from(A.data, (_, at) => A.data[(at % n) * m + Math.floor(at / n)]), shape: [m, n] };
}

/** True where a query may look: nobody sees the future; both end at the same token.
 * @param {number} n_q @param {number} [n_k] @returns {boolean[]} n_q x n_k, row by row */
export function causalMask(n_q, n_k = n_q) {
  return Array.from({ length: n_q * n_k }, (_, at) => at % n_k <= Math.floor(at / n_k) + n_k - n_q);
}

/** Every step of one attention: Q (n_q, d_k), K (n_k, d_k), V (n_k, d_v), allowed n_q x n_k or null.
 * @param {Floats} Q @param {Floats} K @param {Floats} V @param {ArrayLike<any> | null} [allowed]
 * @param {{divisor?: number, subtract?: boolean}} [how] divisor: sqrt(d_k) where it is left out
 * @returns {{scores: Floats, scaled: Floats, masked: Floats, weights: Floats, output: Floats}} */
export function attentionSteps(Q, K, V, allowed = null, { divisor = Math.sqrt(Q.shape[1]), subtract = true } = {}) {
  const scores = matmul(Q, transpose(K));
  const scaled = { data: scores.data.map((score) => score / divisor), shape: scores.shape };
  const masked = { data: scaled.data.map((score, at) => (!allowed || allowed[at] ? score : -Infinity)), shape: scores.shape };
  const weights = { data: softmaxRows(masked.data, K.shape[0], subtract), shape: scores.shape };
  return { scores, scaled, masked, weights, output: matmul(weights, V) };
}

/** How widely weights are spread, in bits. @param {ArrayLike<number>} weights */
export function entropy(weights) {
  return Array.from(weights).reduce((sum, w) => (w > 0 ? sum - w * Math.log2(w) : sum), 0) + 0; // never -0
}

// ---- numbers as the course writes them: style.py has the same two

/** Half to even where a number stands exactly in the middle, as Python rounds. @param {number} value @param {number} decimals */
function fixed(value, decimals) {
  const [whole, rest] = value.toFixed(decimals + 40).split(".");
  const kept = rest.slice(0, decimals);
  const last = Number((kept || whole).slice(-1));
  const middle = /^50*$/.test(rest.slice(decimals)) && last % 2 === 0;
  return middle ? (decimals ? `${whole}.${kept}` : whole) : value.toFixed(decimals);
}

/** No zero before the point, a real minus, thousands with a comma. @param {number} value @param {number} [decimals] */
export function numberText(value, decimals = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "∞" : "−∞";
  if (Math.abs(value) >= 1e15) return value.toExponential(0).replace("e+", "e").replace("-", "−");
  const [whole, part] = fixed(Math.abs(value), decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = part ? `${grouped === "0" ? "" : grouped}.${part}` : grouped;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A weight with two places, a small one with more: softmax never gives 0. @param {number} share */
export function weightText(share) {
  if (!(share > 0 && share < 0.0005)) return share ? numberText(share, share >= 0.005 ? 2 : 3) : "0";
  const [digit, power] = share.toExponential(0).split("e-");
  return `${digit}·10⁻${[...power].map((one) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(one)]).join("")}`;
}

// ---- colours

/** @param {string} hex @returns {number[]} red, green, blue between 0 and 1 */
function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
}

/** @param {ArrayLike<number>} rgb @returns {string} */
export function cssColour(rgb) {
  return `rgb(${Array.from(rgb, (part) => Math.round(255 * Math.min(1, Math.max(0, part)))).join(" ")})`;
}

const SHADES = ["#ffffff", "#9ecbe8", "#0072B2", "#003f66"].map(channels); // matrix.py has the same
const SHADES_AT_NIGHT = ["#161616", "#14486b", "#4aa3d8", "#e2f2fc"].map(channels);

/** The larger, the further from the paper. @param {number} share between 0 and 1 @param {boolean} [dark] the theme
 * @returns {number[]} red, green, blue */
export function shade(share, dark = false) {
  const shades = dark ? SHADES_AT_NIGHT : SHADES;
  const at = 3 * Math.min(1, Math.max(0, share || 0));
  const low = Math.min(2, Math.floor(at));
  return shades[low].map((part, c) => part + (at - low) * (shades[low + 1][c] - part));
}

/** @param {number} part */
const toLight = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
/** @param {number} light */
const fromLight = (light) => (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);

/** Black or white, whatever stands out more (WCAG 2.2, relative luminance). @param {ArrayLike<number>} rgb */
export function inkOn(rgb) {
  const [red, green, blue] = Array.from(rgb, toLight);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 ? "#ffffff" : "#000000"; // 4.5 to 1 on any ground
}

/** Colours (n, 3) mixed by weights as lamps are, in linear light. @param {number[][]} colours @param {ArrayLike<number>} weights */
export function mixLight(colours, weights) {
  return [0, 1, 2].map((c) => fromLight(colours.reduce((sum, rgb, at) => sum + weights[at] * toLight(rgb[c]), 0)));
}

// ---- the page

/** make, for shapes. @param {string} tag @param {Record<string, any>} [attributes] @param {(Node | string)[]} children */
function shape(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** True where movement should be left out. */
function reducedMotion() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

/** @returns {boolean} True in the dark theme of JupyterLab or of a saved page. */
function isDark() {
  return document.body?.dataset?.jpThemeLight === "false";
}

/** Call back when the theme changes. @param {() => void} callback @returns {() => void} stops listening */
function followTheme(callback) {
  if (!globalThis.MutationObserver) return () => {};
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => observer.disconnect();
}

/** One sentence that a screen reader says when it changes. say(text) writes it.
 * @param {HTMLElement} root @returns {(text: string) => void} */
function speak(root) {
  const sentence = make("p", { class: "course-sentence", role: "status", "aria-live": "polite" });
  root.append(sentence);
  return (text) => {
    if (sentence.textContent !== text) sentence.textContent = text;
  };
}

/** One stop of the Tab key for many items: arrows, Home and End move between them. Items may come and go.
 * @param {HTMLElement} root @param {string} selector
 * @param {{columns?: () => number, moved?: (item: HTMLElement) => void}} [how] columns: 1 for a list
 * @returns {() => void} takes the keys off again */
function rove(root, selector, { columns = () => 1, moved = () => {} } = {}) {
  const items = () => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
  /** @param {HTMLElement} item */
  const settle = (item) => {
    for (const other of items()) other.setAttribute("tabindex", other === item ? "0" : "-1");
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (belongsOutside(event)) return;
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    const goal = at < 0 ? null : roveGoal(event.key, at, all.length, columns());
    if (goal === null) return;
    event.preventDefault();
    settle(all[goal]);
    all[goal].focus();
    moved(all[goal]);
  };
  /** @param {Event} event */
  const onFocus = (event) => {
    if (items().includes(/** @type {HTMLElement} */ (event.target))) settle(/** @type {HTMLElement} */ (event.target));
  };
  const first = items()[0];
  if (first && !items().some((item) => item.getAttribute("tabindex") === "0")) settle(first);
  root.addEventListener("keydown", onKey);
  root.addEventListener("focusin", onFocus);
  return () => {
    root.removeEventListener("keydown", onKey);
    root.removeEventListener("focusin", onFocus);
  };
}

/** Where a key moves the focus, or null for a key that it does not use.
 * @param {string} key @param {number} at @param {number} count @param {number} columns @returns {number | null} */
export function roveGoal(key, at, count, columns) {
  /** @type {Record<string, number>} */
  const steps = columns === 1
    ? { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }
    : { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  if (key === "Home") return columns === 1 ? 0 : at - (at % columns);
  if (key === "End") return columns === 1 ? count - 1 : Math.min(count - 1, at - (at % columns) + columns - 1);
  if (!Object.hasOwn(steps, key)) return null;
  const goal = at + steps[key];
  const leavesRow = columns > 1 && Math.abs(steps[key]) === 1 && Math.floor(goal / columns) !== Math.floor(at / columns);
  return goal < 0 || goal >= count || leavesRow ? at : goal;
}
