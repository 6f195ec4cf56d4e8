// @ts-check
// What the stepper's table shows at each step: words, numbers, and where a number can be typed over. No page in here.

/** @typedef {{x: number, at?: [string, number, number], label?: string, bar?: number | null, strong?: boolean, faint?: boolean, text?: string}} Cell
 * @typedef {{title: string, names: string[], rows: Cell[][], foot?: (Cell | null)[]}} Block
 * @typedef {{name: string, kind: string, cells: (Cell | null)[]}} Row
 * @typedef {{blocks: {title: string, names: string[]}[], rows: Row[]}} Band */

/** The rail's word, the headline and the formula of each step. @type {Record<string, [string, string, string]>} */
export const TITLES = {
  words: ["X", "Words as rows of numbers", "X"],
  project: ["Q K V", "Project: ask, be found, hand over", "Q = X W_q   K = X W_k   V = X W_v"],
  products: ["q · k", "Compare, feature by feature", "qᵢ kᵢ"],
  sum: ["sum", "Add up: one score a key", "s = q₁k₁ + q₂k₂ + …"],
  scale: ["÷ √dₖ", "Scale", "s / √dₖ"],
  mask: ["mask", "Hide what may not be seen", "−∞"],
  exp: ["exp", "exp, and the sum", "e to each"],
  weights: ["weights", "Weights", "exp / sum"],
  values: ["× V", "Weight times value", "wⱼ vⱼ"],
  output: ["output", "The output", "w₁v₁ + w₂v₂ + …"],
};

/** What stands in the table at a step. @param {string} step @param {ReturnType<typeof walk>} w @param {Selection} chosen
 * @param {string[]} tokens @param {boolean[][] | null} allowed @returns {Band[]} */
export function tableOf(step, w, chosen, tokens, allowed) {
  const names = (/** @type {string} */ letter, /** @type {any[]} */ row) => row.map((_, i) => letter + "₁₂₃₄₅₆₇₈₉"[i]);
  /** @param {string} name @param {string} title @param {string} letter @param {Rows} rows @param {string[]} of @returns {Block} */
  const vectors = (name, title, letter, rows, of = tokens) => ({
    title, names: names(letter, rows[0]),
    rows: rows.map((row, j) => row.map((x, i) => ({ x, at: LEVEL[name] === undefined ? undefined : [name, j, i], label: `${names(letter, row)[i]} of ${of[j]}` }))),
  });
  /** @param {string} name @param {string} title @param {number[]} values @param {(j: number) => any} [more] @returns {Block} */
  const single = (name, title, values, more = () => ({})) => ({
    title, names: [""],
    rows: values.map((x, j) => [{ x, at: LEVEL[name] === undefined ? undefined : [name, 0, j], label: `${title} of ${tokens[j]}`, ...more(j) }]),
  });
  const highest = Math.max(...w.exps.filter(Number.isFinite));
  const weights = single("weights", "weight", w.weights, (j) => ({ bar: w.weights[j], strong: step === "weights" }));
  const share = [{ x: w.share, strong: true, bar: null }];
  const score = single("scores", "score", w.scores);
  const scaled = single("scaled", "scaled", w.scaled);
  const ready = allowed ? single("", "masked", w.masked) : scaled;
  const exps = single("exps", "exp", w.exps, (j) => ({ bar: step === "exp" ? w.exps[j] / highest : undefined }));
  const parts = vectors("", "weight × value", "", w.parts);
  parts.names = names("v", w.V[0]);
  /** @param {...Block} blocks @returns {Band[]} */
  const band = (...blocks) => {
    const rows = tokens.map((name, j) => ({ name, kind: j === chosen.query ? "asks" : "", cells: blocks.flatMap((block) => block.rows[j]) }));
    const foot = blocks.flatMap((block) => block.foot ?? block.names.map(() => null));
    return [{ blocks, rows: foot.some(Boolean) ? [...rows, { name: step === "output" ? "output" : "sum", kind: "foot", cells: foot }] : rows }];
  };
  switch (step) {
    case "words": return band(vectors("X", "X", "x", w.X));
    case "project": {
      const features = names("x", w.X[0]);
      const blocks = [vectors("W_q", "W_q", "q", w.W_q, features), vectors("W_k", "W_k", "k", w.W_k, features), vectors("W_v", "W_v", "v", w.W_v, features)];
      const corner = { title: "", names: features.map(() => "") };
      const above = features.map((name, f) => ({ name, kind: "weight", cells: [...features.map(() => null), ...blocks.flatMap((block) => block.rows[f])] }));
      const Q = vectors("Q", "Q", "q", w.Q);
      Q.rows.forEach((row, i) => row.forEach((cell) => { cell.faint = i !== chosen.query; }));
      return [{ blocks: [corner, ...blocks], rows: above }, ...band(vectors("X", "X", "x", w.X), Q, vectors("K", "K", "k", w.K), vectors("V", "V", "v", w.V))];
    }
    case "products": {
      const [all] = band(vectors("K", "keys", "k", w.K), vectors("products", "q times key", "", w.products));
      all.blocks[1].names = w.K[0].map((_, i) => `q${"₁₂₃₄₅₆₇₈₉"[i]}k${"₁₂₃₄₅₆₇₈₉"[i]}`);
      const q = vectors("Q", "", "q", w.Q).rows[chosen.query];
      return [{ ...all, rows: [{ name: `${tokens[chosen.query]}: q`, kind: "ask", cells: [...q, ...q.map(() => null)] }, ...all.rows] }];
    }
    case "sum": return band({ ...vectors("products", "q times key", "", w.products), names: w.K[0].map((_, i) => `q${"₁₂₃₄₅₆₇₈₉"[i]}k${"₁₂₃₄₅₆₇₈₉"[i]}`) }, score);
    case "scale": return band(score, single("", "divided by", w.scores.map(() => w.divisor)), scaled);
    case "mask": return band(scaled, single("", "may look", w.scaled, (j) => ({ text: !allowed || allowed[chosen.query][j] ? "yes" : "no" })), ready);
    case "exp": return band(ready, ...(chosen.maximum ? [single("", "− maximum", w.exponents)] : []),
      chosen.axis === "keys" ? { ...exps, foot: [{ x: w.totals[0], strong: true, bar: null }] } : exps,
      ...(chosen.axis === "keys" ? [] : [single("", "sum over queries", w.totals)]));
    case "weights": return band(exps, single("", "divided by", w.totals), { ...weights, foot: share });
    case "values": return band(weights, vectors("V", "value", "v", w.V), parts);
    default: return band(weights, { ...parts, foot: w.output.map((x) => ({ x, strong: true })) });
  }
}

/** What a cell says. @param {Cell} cell */
export const textOf = (cell) => cell.text ?? say(cell.x);

/** Type as large as a table of so many columns can have on 744 pixels, and how many characters its longest number has.
 * @param {Band[]} bands */
export function fitted(bands) {
  const rows = bands.flatMap((band) => band.rows);
  const numbers = rows.flatMap((row) => row.cells).filter((cell) => cell !== null);
  const chars = Math.max(3, ...numbers.map((cell) => textOf(cell).length));
  const columns = Math.max(...rows.map((row) => row.cells.length));
  const track = !numbers.some((cell) => cell.bar !== undefined) ? 0 : columns > 7 ? 70 : 140;
  const names = Math.max(...rows.map((row) => row.name.length + (row.kind === "asks" ? 3 : 0)));
  const room = 744 - columns * 9 - 22 - (track && track + 12);
  return { chars, track, size: Math.floor(Math.min(24, Math.max(14, room / (0.64 * (columns * chars + names))))) };
}

/** How a number of Q, K or V is made, term by term. @param {ReturnType<typeof walk>} w @param {string} name
 * @param {number} row @param {number} column @param {string[]} tokens */
export function madeOf(w, name, row, column, tokens) {
  const W = { Q: w.W_q, K: w.W_k, V: w.W_v }[name];
  if (!W) return "";
  const terms = w.X[row].map((x, f) => [x, W[f][column]]).filter(([x, weight]) => x * weight !== 0);
  const total = terms.reduce((sum, [x, weight]) => sum + x * weight, 0);
  return `${name.toLowerCase()}${"₁₂₃₄₅₆₇₈₉"[column]} of ${tokens[row]} = ${terms.map(([x, weight]) => `${say(x)} · ${say(weight)}`).join(" + ") || "nothing but zeros"}${terms.length ? ` = ${say(total)}` : ""}`;
}

/** Which place lies next in the direction of a key, as its index, or -1. @param {number[][]} places line and column of each
 * @param {number} from @param {string} key */
export function ahead(places, from, key) {
  const [line, column] = places[from];
  const [down, right] = { ArrowDown: [1, 0], Enter: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key] ?? [0, 0];
  const far = (/** @type {number[]} */ [r, c]) => (down ? (c === column ? (r - line) * down : 0) : r === line ? (c - column) * right : 0);
  return places.reduce((best, place, i) => (far(place) > 0 && (best < 0 || far(place) < far(places[best])) ? i : best), -1);
}

/** Does one number go into the making of another? Each is "table,row,column". @param {string} one @param {string} other */
export function isTermOf(one, other) {
  const [table, row, column] = one.split(",");
  const [made, at, into] = other.split(",");
  return ["Q", "K", "V"].includes(made) && ((table === "X" && row === at) || (table === `W_${made.toLowerCase()}` && column === into));
}

/** A number as people type it, or NaN. @param {string} text */
export function readTyped(text) {
  const typed = text.trim().replace(/−/g, "-").replace(/^(-?[1-9]\d{0,2}),(\d{3})$/, "$1$2").replace(",", ".");
  return /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(typed) && Number.isFinite(Number(typed)) ? Number(typed) : NaN;
}
