// @ts-check
// The sentence of a painter. painter_words.py writes the same.

const ALIKE = 1e-5; // -1e9 added and taken away leaves 7 digits of a score
/** @type {Record<string, string[]>} */
const ORDERS = { after: ["after the softmax"], "after + renormalise": ["after the softmax", "rows renormalised"] };
/** @type {Record<string, string>} */
const HIDDEN = {
  "-inf": "hidden scores −∞", "-1e9": "−1e9 in place of hidden scores", "-1e9 added": "−1e9 added to hidden scores",
  0: "0 in place of hidden scores",
};

/** Places as words, three in a row or more as a range. @param {number[]} at */
export function placesText(at) {
  /** @type {number[][]} */
  const runs = [];
  for (const place of at) {
    const run = runs[runs.length - 1];
    if (run && place === run[run.length - 1] + 1) run.push(place);
    else runs.push([place]);
  }
  const parts = runs.flatMap((run) => (run.length > 2 ? [`${run[0]}–${run[run.length - 1]}`] : run.map(String)));
  return parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

/** A token's place with its word, where the word says more. @param {string[]} words @param {number} at */
export function named(words, at) {
  return words[at] === String(at) ? String(at) : `${at} (${words[at]})`;
}

/** @param {number} number @param {string} thing */
const counted = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;

/** @param {Pattern} a @param {Pattern} b */
export function samePattern(a, b) {
  return Object.keys(OFF).every((name) => a[/** @type {keyof Pattern} */ (name)] === b[/** @type {keyof Pattern} */ (name)]);
}

/** @param {Chosen} chosen @param {Record<string, Pattern>} presets */
function patternWords({ painted, pattern }, presets) {
  if (painted) return "mask painted by hand";
  const name = Object.keys(presets).find((preset) => samePattern(presets[preset], pattern));
  if (name !== undefined) return { all: "mask that hides nobody", nobody: "mask that hides everybody" }[name] ?? `${name} mask`;
  const { all, radius, stride, block, globals, links, seed, limit, padding } = pattern;
  const parts = [
    all && "everybody", radius !== null && `radius ${radius}`, stride !== null && `stride ${stride}`,
    block !== null && `blocks of ${block}`, globals > 0 && counted(globals, "global token"),
    links > 0 && `${counted(links, "random link")} each (seed ${seed})`,
  ].filter(Boolean);
  const limits = { none: "", causal: ", causal", strict: ", previous only" }[limit];
  return (parts.join(" or ") || "no pattern") + limits + (padding ? ", without padding" : "");
}

/** A share as percent for a sentence: never 0 or 100 for what is only near it. @param {number} share */
export function inWords(share) {
  if (share > 0 && share <= 0.005) return "under 1 %";
  return share >= 0.995 && share < 1 ? "over 99 %" : `${numberText(100 * share, 0)} %`;
}

/** In words what became of the weights of empty rows. @param {Found} found @param {number} n_k */
function stateOf({ empty, poked }, n_k) {
  const { weights, unmasked } = /** @type {Poked} */ (poked);
  const cells = empty.flatMap((q) => Array.from({ length: n_k }, (_, k) => q * n_k + k));
  if (cells.every((at) => weights[at] === 0)) return "all 0";
  if (cells.every((at) => Math.abs(weights[at] - 1 / n_k) < ALIKE)) return `all equal, 1/${n_k}`;
  return cells.every((at) => Math.abs(weights[at] - unmasked[at]) < ALIKE) ? "as if there were no mask" : "neither 0 nor equal";
}

/** @param {Painter} all @param {Found} found */
function emptyWords(all, found) {
  const rows = found.empty;
  if (!rows.length) return "";
  const one = rows.length === 1;
  const who = one ? `Row ${named(all.words[0], rows[0])} is empty: it` : `Rows ${placesText(rows)} are empty: they`;
  const state = found.poked ? `, and ${one ? "its" : "their"} weights are ${stateOf(found, all.n_k)}` : "";
  return `${who} may look at nobody${state}.`;
}

/** @param {Painter} all @param {Chosen} chosen @param {Found} found */
function reachedWords(all, chosen, { reached = [], histogram = [], never = 0 }) {
  const heard = reached.filter(Boolean).length;
  const most = histogram.length - 1;
  const said = `After ${counted(chosen.layers, "layer")} ${named(all.words[0], chosen.token)} has heard from ${heard} of ${all.n_q}`
    + (most ? `; the farthest pair that meets needs ${counted(most, "hop")}` : "");
  return never ? `${said}; ${counted(never, "pair")} never ${never === 1 ? "meets" : "meet"}.` : `${said}.`;
}

/** @param {Chosen} chosen @returns {string[]} */
function treatment({ order, hidden }) {
  return ORDERS[order] ?? ["before the softmax", HIDDEN[hidden]];
}

/** @param {number[]} at */
const outputsText = (at) => `output${at.length > 1 ? "s" : ""} ${placesText(at)}`;

/** Which outputs moved when a token was poked, and whether they may. @param {number} token @param {Poked} poked */
export function verdictOf(token, { moved, leaks }) {
  const all = [...moved.keys()].filter((q) => moved[q] > MOVED);
  if (!all.length) return "no output moved";
  if (!leaks.length) return `no leak, ${outputsText(all)} moved and may look at it`;
  return `a leak, ${outputsText(leaks)} moved although ${leaks.length === 1 ? "it" : "they"} may not look at ${token}`;
}

/** @param {Painter} all @param {Chosen} chosen @param {Poked} poked */
function pokedWords(all, chosen, poked) {
  const what = `1 added to the ${chosen.what} of ${named(all.words[1], chosen.poke)} (random Q, K, V)`;
  return `${what}, mask ${treatment(chosen).join(", ")}: ${verdictOf(chosen.poke, poked)}.`;
}

/** @param {Painter} all @param {Chosen} chosen @param {Found} [found] */
export function sentenceOf(all, chosen, found = find(all, chosen)) {
  const what = patternWords(chosen, all.presets);
  const total = all.n_q * all.n_k;
  return [
    `${what[0].toUpperCase()}${what.slice(1)}, ${all.n_q} × ${all.n_k}: ${numberText(found.edges, 0)} of ${numberText(total, 0)} pairs kept (${inWords(found.kept)}).`,
    emptyWords(all, found), found.hops ? reachedWords(all, chosen, found) : "", found.poked ? pokedWords(all, chosen, found.poked) : "", all.note,
  ].filter(Boolean).join(" ");
}
