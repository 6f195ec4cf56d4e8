// @ts-check
// Which beams an explorer draws, and the sentence that says them. beams.py computes the same.

/** @typedef {{query: number | null, key: number | null, heads: number[], threshold: number}} Selection */
/** @typedef {{head: number, query: number, key: number, weight: number}} Beam */
/** @typedef {{weights: Float64Array, n_heads: number, n_q: number, n_k: number, tokens: string[][], names: string[][],
 *   headed: boolean, full: number, label: string, note: string}} Explored */

export const THRESHOLDS = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9]; // shares of the thickest beam
const ALMOST = 1 - 1e-6; // .7 comes back from float32 a little smaller, and is .7 all the same
const NAMED = 4; // as many as a sentence holds
const CELLS = 32; // more tokens on a side than this: cells on a canvas, and lists that scroll
const WORDS = 16; // more than this leave no room for words at the cells

/** How far apart tokens stand (never nearer than a finger needs), how large a cell and how deep its headers are, in CSS
 * pixels. Up to 16 tokens the rows of both stand at one height. 
 * @param {{n_q: number, n_k: number, tokens: string[][]}} all */
export function layoutOf({ n_q, n_k, tokens }) {
  const most = Math.max(n_q, n_k);
  const cell = most <= WORDS ? Math.max(24, Math.min(44, Math.floor(400 / most))) : Math.max(3, Math.floor(400 / most));
  const longest = Math.max(...tokens.flat().map((token) => token.length));
  const head = most <= WORDS ? Math.max(40, Math.min(112, 14 + 9 * longest)) : 24;
  return { most, cell, pitch: Math.max(24, cell), head };
}

/** @param {Model} model @returns {Explored} */
export function readExplored(model) {
  const { data, shape: [n_heads, n_q, n_k] } = floats(model, "weights");
  const [tokens, names] = [model.get("tokens"), model.get("names")];
  const [headed, full, label, note] = ["headed", "full", "label", "note"].map((name) => model.get(name));
  return { weights: data, n_heads, n_q, n_k, tokens, names, headed, full, label, note };
}

/** A to Z, then A2, B2, ... @param {number} head */
export function letterOf(head) {
  return String.fromCharCode(65 + (head % 26)) + (head >= 26 ? Math.floor(head / 26) + 1 : "");
}

/** The mean over some heads, n_q x n_k. @param {Explored} all @param {number[]} heads */
export function meanOf(all, heads) {
  const size = all.n_q * all.n_k;
  const mean = new Float64Array(size);
  for (const head of heads) for (let at = 0; at < size; at++) mean[at] += all.weights[head * size + at];
  return mean.map((sum) => sum / heads.length);
}

/** The beams of what is pinned, or all from the threshold up: by head, query and key.
 * @param {Explored} all @param {Selection} chosen @returns {Beam[]} */
export function beamsOf(all, { query, key, heads, threshold }) {
  const least = query === null && key === null ? threshold * all.full * ALMOST : 0;
  const [q0, q1] = query === null ? [0, all.n_q] : [query, query + 1];
  const [k0, k1] = key === null ? [0, all.n_k] : [key, key + 1];
  const found = [];
  for (const head of heads) {
    for (let q = q0; q < q1; q++) {
      for (let k = k0; k < k1; k++) {
        const weight = all.weights[(head * all.n_q + q) * all.n_k + k];
        if (weight > 0 && weight >= least) found.push({ head, query: q, key: k, weight });
      }
    }
  }
  return found;
}

/** @param {Float64Array} row @param {string[]} names */
function listed(row, names) {
  const order = [...row.keys()].sort((a, b) => row[b] - row[a] || a - b);
  const few = row.length <= NAMED + 1 ? row.length : NAMED;
  const parts = order.slice(0, few).map((at) => `${names[at]} (${weightText(row[at])})`);
  if (few < row.length) {
    const rest = order.slice(few).reduce((sum, at) => sum + row[at], 0);
    parts.push(`${row.length - few} others (${weightText(rest)} together)`);
  }
  return parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

/** @param {Explored} all @param {number[]} heads */
function source(all, heads) {
  if (!all.headed) return `${all.label} weights`;
  if (heads.length === 1) return `${all.label} weights of head ${letterOf(heads[0])}`;
  const which = heads.length === all.n_heads ? `all ${heads.length} heads` : `heads ${heads.map(letterOf).join(", ")}`;
  return `${all.label} weights, mean of ${which}`;
}

/** @param {Explored} all @param {Selection} chosen @param {Beam[]} drawn */
function overview(all, chosen, drawn) {
  const limit = chosen.threshold * all.full;
  const size = `${all.n_q} × ${all.n_k} weights`;
  const least = limit ? `${weightText(limit)} or more` : "any weight above 0";
  if (!drawn.length) return `${size}, and no beam has ${least}`;
  const top = drawn.reduce((best, beam) => (beam.weight > best.weight ? beam : best));
  const strongest = `the strongest from ${all.names[0][top.query]} to ${all.names[1][top.key]} (${weightText(top.weight)})`;
  return `${size}, ${drawn.length.toLocaleString("en-US")} beam${drawn.length > 1 ? "s" : ""} of ${least}, ${strongest}`;
}

/** @param {Explored} all @param {Selection} chosen @param {Float64Array} mean @param {Beam[]} drawn */
function said(all, chosen, mean, drawn) {
  const { query, key } = chosen;
  const [q, k] = all.names;
  if (query === null && key === null) return overview(all, chosen, drawn);
  if (query === null) {
    const column = Float64Array.from(q, (_, at) => mean[at * all.n_k + /** @type {number} */ (key)]);
    const total = numberText(column.reduce((sum, weight) => sum + weight, 0));
    const name = k[/** @type {number} */ (key)];
    return column.some(Boolean) ? `${name} is looked at by ${listed(column, q)}: ${total} in all` : `${name} is looked at by nobody`;
  }
  const row = mean.subarray(query * all.n_k, (query + 1) * all.n_k);
  if (key !== null) {
    const place = 1 + row.filter((weight) => weight > row[key]).length;
    return `${q[query]} looks at ${k[key]} with weight ${weightText(row[key])}, number ${place} of its ${all.n_k}`;
  }
  return `${q[query]} looks at ${row.some(Boolean) ? listed(row, k) : "nobody: all its weights are 0"}`;
}

/** @param {Explored} all @param {Selection} chosen @param {Float64Array} [mean] @param {Beam[]} [drawn] */
export function sentenceOf(all, chosen, mean = meanOf(all, chosen.heads), drawn = beamsOf(all, chosen)) {
  return `${said(all, chosen, mean, drawn)}; ${source(all, chosen.heads)}${all.note ? `; ${all.note}` : ""}.`;
}
