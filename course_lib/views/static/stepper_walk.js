// @ts-check
// One query's whole way through attention, every number on it kept, and each open to be typed over. No page in here.

/** @typedef {number[][]} Rows
 * @typedef {[string, number, number, number]} Edit  the table, its row and column, and the number typed over it
 * @typedef {{query: number, step: number, edits: Edit[], d_k: number, temperature: number, maximum: boolean,
 *   large: boolean, axis: "keys" | "queries", divide: boolean, colours: boolean}} Selection
 * @typedef {{X: Rows, W_q: Rows, W_k: Rows, W_v: Rows, allowed: boolean[][] | null}} Given */

/** How far along the way a table stands. A number typed over counts until something before it is typed over.
 * @type {Record<string, number>} */
export const LEVEL = { X: 0, W_q: 0, W_k: 0, W_v: 0, Q: 1, K: 1, V: 1, products: 2, scores: 3, scaled: 4, exps: 5, weights: 6 };
const OF_ONE_QUERY = 2; // from this level on a table belongs to the query that is followed

/** The steps in their order; the mask has one only where there is a mask. @param {boolean} masked */
export function stepsOf(masked) {
  return ["words", "project", "products", "sum", "scale", ...(masked ? ["mask"] : []), "exp", "weights", "values", "output"];
}

/** The edits after one more: what comes after it is computed anew.
 * @param {Edit[]} edits @param {string} name @param {number} row @param {number} column @param {number} value
 * @returns {Edit[]} */
export function retyped(edits, name, row, column, value) {
  const kept = edits.filter(([other, r, c]) => LEVEL[other] <= LEVEL[name] && !(other === name && r === row && c === column));
  return [...kept, [name, row, column, value]];
}

/** The edits that still hold for another query. @param {Edit[]} edits @returns {Edit[]} */
export function ofAnyQuery(edits) {
  return edits.filter(([name]) => LEVEL[name] < OF_ONE_QUERY);
}

const sum = (/** @type {number[]} */ row) => row.reduce((total, x) => total + x, 0);
const column = (/** @type {Rows} */ rows, /** @type {number} */ j) => rows.map((row) => row[j]);
/** @param {Rows} A @param {Rows} B */
const times = (A, B) => A.map((row) => B[0].map((_, j) => sum(row.map((x, i) => x * B[i][j]))));
/** @param {number[]} row */
const best = (row) => row.reduce((top, x, j) => (x > row[top] ? j : top), 0);

/** @param {Given} given @param {Selection} chosen */
export function walk(given, chosen) {
  const { query, edits } = chosen;
  /** @param {string} name @param {Rows} rows */
  const typed = (name, rows) => {
    const copy = rows.map((row) => [...row]);
    for (const [other, row, col, value] of edits) if (other === name) copy[row][col] = value;
    return copy;
  };
  const row = (/** @type {string} */ name, /** @type {number[]} */ values) => typed(name, [values])[0];

  const X = typed("X", given.X);
  const [W_q, W_k, W_v] = [typed("W_q", given.W_q), typed("W_k", given.W_k), typed("W_v", given.W_v)];
  const [Q, K, V] = [typed("Q", times(X, W_q)), typed("K", times(X, W_k)), typed("V", times(X, W_v))];
  const q = Q[query];
  const products = typed("products", K.map((k) => k.map((x, i) => q[i] * x)));

  // Softmax over queries, the mistake, needs every query's scores; else only this one's row is looked at.
  const table = times(Q, K[0].map((_, i) => column(K, i)));
  const scores = table[query] = row("scores", products.map(sum));
  const divisor = (chosen.divide ? Math.sqrt(chosen.d_k) : 1) * chosen.temperature;
  const all = table.map((values) => values.map((x) => x / divisor));
  if (chosen.large) all[query][best(scores)] = 1000;
  const scaled = all[query] = row("scaled", all[query]);
  const seen = all.map((values, i) => values.map((x, j) => (!given.allowed || given.allowed[i][j] ? x : -Infinity)));
  const masked = seen[query];

  const over = (/** @type {number} */ j) => (chosen.axis === "queries" ? column(seen, j) : masked);
  const tops = masked.map((_, j) => Math.max(...over(j)));
  const shift = tops.map((top) => (chosen.maximum && top > -Infinity ? top : 0));
  const exponents = masked.map((x, j) => x - shift[j]);
  const exps = row("exps", exponents.map(Math.exp));
  const totals = exps.map((e, j) => (chosen.axis === "queries" ? sum(over(j).map((x, i) => (i === query ? e : Math.exp(x - shift[j])))) : sum(exps)));
  // With nobody to look at, the course's softmax gives zeros; the bare formula gives 0 / 0.
  const weights = row("weights", exps.map((e, j) => (chosen.maximum && totals[j] === 0 ? 0 : e / totals[j])));
  const parts = V.map((v, j) => v.map((x) => weights[j] * x));
  const output = V[0].map((_, i) => sum(column(parts, i)));
  return { X, W_q, W_k, W_v, Q, K, V, products, scores, divisor, scaled, masked, tops, exponents, exps, totals, weights, share: sum(weights), parts, output };
}

/** A number as it stands in the tables: a whole one whole, a very small or very large one by its power of ten.
 * @param {number} x @returns {string} */
export function say(x) {
  const size = Math.abs(x);
  if (!Number.isFinite(x) || x === 0) return numberText(x, 0);
  if (size >= 5e-4 && size < 1e5) return numberText(x, Math.abs(size - Math.round(size)) < 1e-9 || size >= 100 ? 0 : size < 0.005 ? 3 : 2);
  const [digit, power] = size.toExponential(0).split("e");
  const raised = [...power.replace("+", "")].map((one) => (one === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(one)])).join("");
  return `${x < 0 ? "−" : ""}${digit}·10${raised}`;
}
const vector = (/** @type {number[]} */ row) => `[${row.map(say).join(" ")}]`;

/** What happens at a step, with its numbers.
 * @param {string} step @param {ReturnType<typeof walk>} w @param {Selection} chosen @param {string[]} tokens
 * @param {boolean[][] | null} allowed @returns {string} */
export function sentence(step, w, chosen, tokens, allowed) {
  const word = tokens[chosen.query];
  const top = best(w.weights.some(Number.isNaN) ? w.scores : step === "sum" || step === "products" ? w.scores : w.weights);
  const key = tokens[top];
  const [d_k, n] = [w.K[0].length, tokens.length];
  switch (step) {
    case "words":
      return `Each word comes as a row of ${w.X[0].length} numbers. We follow one that asks, “${word}”: x = ${vector(w.X[chosen.query])}.`;
    case "project":
      return `“${word}” asks with q = ${vector(w.Q[chosen.query])}. Every word has a key to be found by and a value to hand over; “${key}” has k = ${vector(w.K[top])} and v = ${vector(w.V[top])}.`;
    case "products":
      return `The q of “${word}” meets every key, feature by feature. With “${key}”: ${w.K[top].map((k, i) => `${say(w.Q[chosen.query][i])} · ${say(k)} = ${say(w.products[top][i])}`).join(", ")}.`;
    case "sum":
      return `The products of a key add up to its score. “${key}”: ${w.products[top].map(say).join(" + ")} = ${say(w.scores[top])}, the highest of the ${n} scores.`;
    case "scale":
      if (w.divisor === 1) return `Divided by 1, the scores stay as they are: “${key}” keeps its ${say(w.scores[top])}.`;
      return `Every score is divided by ${chosen.divide ? `√${chosen.d_k}` : ""}${chosen.divide && chosen.temperature !== 1 ? " · " : ""}${chosen.temperature !== 1 ? `the temperature ${say(chosen.temperature)}` : ""} = ${say(w.divisor)}: “${key}” goes from ${say(w.scores[top])} to ${say(w.scaled[top])}.`
        + (chosen.divide && chosen.d_k !== d_k ? ` (q and k have ${d_k} features; you chose ${chosen.d_k}.)` : "");
    case "mask": {
      const hidden = tokens.filter((_, j) => allowed && !allowed[chosen.query][j]);
      return hidden.length ? `“${word}” may not look at ${hidden.map((t) => `“${t}”`).join(", ")}: ${hidden.length > 1 ? "their scores become" : "its score becomes"} −∞, and e to that is 0.` : `“${word}” may look at every word: the mask changes nothing in its row.`;
    }
    case "exp":
      return (chosen.maximum ? `First the maximum, ${say(w.tops[top])}, is taken away, so that the largest exponent is 0. ` : "")
        + `Then e to each: “${key}” has ${say(w.exps[top])}` + (chosen.axis === "keys" ? `, and all ${n} add up to ${say(w.totals[top])}.` : ", and its sum runs over the queries.");
    case "weights":
      return `Each is divided by ${chosen.axis === "keys" ? `the sum, ${say(w.totals[top])}` : "its own sum"}. “${key}” gets ${say(w.weights[top])} of the attention of “${word}”; the ${n} weights add up to ${say(w.share)}.`;
    case "values":
      return `Each value is multiplied by its weight. “${key}” hands over ${say(w.weights[top])} · ${vector(w.V[top])} = ${vector(w.parts[top])}.`;
    default:
      return `The ${n} parts add up, and “${word}” takes home ${vector(w.output)}, ${say(w.weights[top])} of it from “${key}”.`;
  }
}

/** The whole way in one sentence: describe() in Python. @param {ReturnType<typeof walk>} w @param {Selection} chosen
 * @param {string[]} tokens */
export function wholeWay(w, chosen, tokens) {
  const each = (/** @type {number[]} */ values) => tokens.map((token, j) => `${token} ${say(values[j])}`).join(", ");
  return `“${tokens[chosen.query]}” asks with q = ${vector(w.Q[chosen.query])}; its scores: ${each(w.scores)}; divided by ${say(w.divisor)}: `
    + `${each(w.scaled)}; the weights: ${each(w.weights)}, which add up to ${say(w.share)}; the output: ${vector(w.output)}.`;
}

/** The failures that this way shows, by name. @param {Given} given @param {Selection} chosen @param {string[]} tokens
 * @returns {{name: string, text: string}[]} */
export function failures(given, chosen, tokens) {
  const w = walk(given, chosen);
  const found = [];
  const word = tokens[chosen.query];
  if (w.exps.includes(Infinity)) {
    const j = w.exps.indexOf(Infinity);
    found.push({ name: "Overflow", text: `e to the ${say(w.exponents[j])} is ∞ for a computer (from 710 on), ∞ / ∞ is nan, and one nan makes the whole output nan. Subtract the maximum, and it is gone.` });
  } else if (w.weights.some(Number.isNaN)) {
    found.push({ name: "0 / 0", text: "Every exp has become 0, and so has the sum: 0 / 0 is nan. Subtract the maximum, and the largest is 1 again." });
  }
  if (chosen.axis === "queries" && !w.weights.some(Number.isNaN)) {
    found.push({ name: "Softmax over queries", text: `the weights of “${word}” add up to ${say(w.share)}, not to 1. Now each key shares itself out among the queries, and nobody sees that the row is no mixture.` });
  } else if (Math.abs(w.share - 1) > 1e-6 && w.share > 0) {
    found.push({ name: "No mixture", text: `the weights of “${word}” add up to ${say(w.share)}, not to 1.` });
  }
  if (!chosen.divide && !w.weights.some(Number.isNaN)) {
    const top = best(w.weights);
    const scaled = walk(given, { ...chosen, divide: true }).weights[top];
    found.push({ name: "No scaling", text: `“${tokens[top]}” gets ${say(w.weights[top])}; divided by √${chosen.d_k} it would get ${say(scaled)}. The whole lead went into e: the row is sharper than meant, and the longer q and k are, the sharper.` });
  }
  return found;
}
