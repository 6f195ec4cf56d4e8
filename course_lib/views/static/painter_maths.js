// @ts-check
// What a painter computes: patterns, links from a seed, hops, which outputs a poke moves. painter_maths.py has the same.

/** @typedef {{all: boolean, radius: number | null, stride: number | null, block: number | null, globals: number,
 *   links: number, seed: number, limit: "none" | "causal" | "strict", padding: boolean}} Pattern */
/** @typedef {{pattern: Pattern, painted: string[] | null, token: number, layers: number, poke: number, what: string,
 *   order: string, hidden: string}} Chosen */
/** @typedef {{words: string[][], n_q: number, n_k: number, tools: string[], presets: Record<string, Pattern>,
 *   real: boolean[], note: string, Q: Floats, K: Floats, V: Floats}} Painter */
/** @typedef {{weights: Float64Array, unmasked: Float64Array, output: Float64Array, moved: Float64Array, leaks: number[]}} Poked */
/** @typedef {{allowed: Uint8Array, edges: number, kept: number, empty: number[], hops?: Int32Array, histogram?: number[],
 *   never?: number, reached?: boolean[], poked?: Poked}} Found */

const MOVED = 1e-12; // outputs are of size 1, and float64 rounds them by 1e-16
/** @type {Pattern} */
export const OFF = { all: false, radius: null, stride: null, block: null, globals: 0, links: 0, seed: 0, limit: "none", padding: false };

/** @param {Model} model @returns {Painter} */
export function readPainter(model) {
  const [words, tools, presets, real, note] = ["words", "tools", "presets", "real", "note"].map((name) => model.get(name));
  const [Q, K, V] = ["Q", "K", "V"].map((name) => floats(model, name));
  return { words, n_q: words[0].length, n_k: words[1].length, tools, presets, real, note, Q, K, V };
}

/** Integers from 0 to 2^32 - 1 that look random, the same as Python's. Tommy Ettinger 2017, mulberry32 (public domain).
 * @param {number} seed @returns {() => number} */
export function mulberry32(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Each query gets `links` different keys: the first steps of a Fisher-Yates shuffle, for each query anew.
 * @param {number} n @param {number} links @param {number} seed @returns {Uint8Array} n x n */
export function randomLinks(n, links, seed) {
  const allowed = new Uint8Array(n * n);
  const draw = mulberry32(seed);
  for (let q = 0; q < n; q++) {
    const keys = Array.from({ length: n }, (_, k) => k);
    for (let at = 0; at < links; at++) {
      const other = at + Math.floor((draw() * (n - at)) / 2 ** 32); // below 2^53: exact
      [keys[at], keys[other]] = [keys[other], keys[at]];
      allowed[q * n + keys[at]] = 1;
    }
  }
  return allowed;
}

/** Patterns joined by "or", then what limits them by "and". All but "all" need as many queries as keys.
 * @param {Pattern} pattern @param {number} n_q @param {number} n_k @param {boolean[]} real @returns {Uint8Array} */
export function patternMask(pattern, n_q, n_k, real) {
  const { radius, stride, block, globals, links, seed, limit, padding } = pattern;
  const square = n_q === n_k;
  const linked = square && links ? randomLinks(n_k, links, seed) : null;
  const allowed = new Uint8Array(n_q * n_k);
  for (let q = 0; q < n_q; q++) {
    for (let k = 0; k < n_k; k++) {
      const looks = pattern.all || (square && (
        (radius !== null && Math.abs(q - k) <= radius)
        || (stride !== null && (q - k) % stride === 0)
        || (block !== null && Math.floor(q / block) === Math.floor(k / block))
        || Math.min(q, k) < globals
        || linked?.[q * n_k + k]
      ));
      const own = q + n_k - n_q; // both end at the same token
      const limited = (limit === "causal" && k > own) || (limit === "strict" && k >= own) || (padding && !real[k]);
      allowed[q * n_k + k] = looks && !limited ? 1 : 0;
    }
  }
  return allowed;
}

/** The mask of a selection. @param {Painter} all @param {Chosen} chosen @returns {Uint8Array} */
export function maskOf({ n_q, n_k, real }, { pattern, painted }) {
  return painted ? Uint8Array.from(painted.join(""), Number) : patternMask(pattern, n_q, n_k, real);
}

/** A mask as it travels. @param {Uint8Array} allowed @param {number} n_k @returns {string[]} */
export function rowsOf(allowed, n_k) {
  return Array.from({ length: allowed.length / n_k }, (_, q) => allowed.subarray(q * n_k, (q + 1) * n_k).join(""));
}

/** Layers until token i has heard from j; 0 for itself, -1 for never.
 * @param {Uint8Array} allowed n x n @param {number} n @returns {Int32Array} */
export function hopsOf(allowed, n) {
  const hops = new Int32Array(n * n).fill(-1);
  for (let i = 0; i < n; i++) {
    let front = [i];
    hops[i * n + i] = 0;
    for (let hop = 1; front.length; hop++) {
      /** @type {number[]} */
      const next = [];
      for (const via of front) {
        for (let j = 0; j < n; j++) {
          if (!allowed[via * n + j] || hops[i * n + j] >= 0) continue;
          hops[i * n + j] = hop;
          next.push(j);
        }
      }
      front = next;
    }
  }
  return hops;
}

/** Attention with the mask where a learner may put it, rightly or not.
 * @param {Floats} Q @param {Floats} K @param {Floats} V @param {Uint8Array} allowed @param {string} order @param {string} hidden
 * @returns {{weights: Float64Array, output: Float64Array}} */
export function maskedAttention(Q, K, V, allowed, order, hidden) {
  const n_k = K.shape[0];
  const scaled = matmul(Q, transpose(K)).data.map((score) => score / Math.sqrt(Q.shape[1]));
  const instead = hidden === "-inf" ? -Infinity : hidden === "0" ? 0 : -1e9;
  let masked = scaled;
  if (order === "before") masked = scaled.map((score, at) => (allowed[at] ? score : hidden === "-1e9 added" ? score - 1e9 : instead));
  const weights = softmaxRows(masked, n_k);
  if (order !== "before") weights.forEach((weight, at) => { weights[at] = weight * allowed[at]; });
  for (let start = 0; order === "after + renormalise" && start < weights.length; start += n_k) {
    const row = weights.subarray(start, start + n_k);
    const total = row.reduce((sum, weight) => sum + weight, 0) || 1;
    row.forEach((weight, k) => { row[k] = weight / total; });
  }
  return { weights, output: matmul({ data: weights, shape: [Q.shape[0], n_k] }, V).data };
}

/** What adding 1 to one token's key, its value or both does to every output.
 * @param {Painter} all @param {Uint8Array} allowed @param {Chosen} chosen @returns {Poked} */
export function poke({ Q, K, V, n_q, n_k }, allowed, chosen) {
  /** @param {Floats} one @param {boolean} touched @returns {Floats} */
  const raised = ({ data, shape }, touched) => (touched
    ? { data: data.map((x, at) => (Math.floor(at / shape[1]) === chosen.poke ? x + 1 : x)), shape } : { data, shape });
  const { weights, output } = maskedAttention(Q, K, V, allowed, chosen.order, chosen.hidden);
  const [K_after, V_after] = [raised(K, chosen.what !== "value"), raised(V, chosen.what !== "key")];
  const after = maskedAttention(Q, K_after, V_after, allowed, chosen.order, chosen.hidden).output;
  const d_v = V.shape[1];
  const moved = new Float64Array(n_q);
  output.forEach((before, at) => {
    const q = Math.floor(at / d_v);
    moved[q] = Math.max(moved[q], Math.abs(after[at] - before));
  });
  const leaks = [...moved.keys()].filter((q) => moved[q] > MOVED && !allowed[q * n_k + chosen.poke]);
  const unmasked = softmaxRows(matmul(Q, transpose(K)).data.map((score) => score / Math.sqrt(Q.shape[1])), n_k);
  return { weights, unmasked, output, moved, leaks };
}

/** All that is shown at a selection. @param {Painter} all @param {Chosen} chosen @returns {Found} */
export function find(all, chosen) {
  const allowed = maskOf(all, chosen);
  const edges = allowed.reduce((sum, cell) => sum + cell, 0);
  const empty = [...Array(all.n_q).keys()].filter((q) => !allowed.subarray(q * all.n_k, (q + 1) * all.n_k).includes(1));
  /** @type {Found} */
  const found = { allowed, edges, kept: edges / allowed.length, empty };
  if (all.tools.includes("compose")) {
    const hops = hopsOf(allowed, all.n_k);
    /** @type {number[]} */
    const histogram = Array(Math.max(...hops) + 1).fill(0);
    for (const hop of hops) if (hop >= 0) histogram[hop] += 1;
    const heard = [...hops.subarray(chosen.token * all.n_k, (chosen.token + 1) * all.n_k)];
    const reached = heard.map((hop) => hop >= 0 && hop <= chosen.layers);
    Object.assign(found, { hops, histogram, never: hops.filter((hop) => hop < 0).length, reached });
  }
  if (all.tools.includes("leak")) found.poked = poke(all, allowed, chosen);
  return found;
}
