// @ts-check
// What stands beside the mask: how much is kept, the leak detector, the composer. Each part has a root and show().

/** @typedef {(change: Partial<Chosen>) => void} Send */
/** @typedef {{root: HTMLElement, show: (chosen: Chosen, found: Found) => void}} Part */

const BARS = 7;

/** One of a few, as radio buttons. @param {string} legend @param {[string, string][]} options values and texts @param {(value: string) => void} change */
function radios(legend, options, change) {
  const group = fresh("course-painter");
  const inputs = options.map(([value]) => {
    const input = /** @type {HTMLInputElement} */ (make("input", { type: "radio", name: group, value }));
    input.addEventListener("change", () => change(value));
    return input;
  });
  const labels = inputs.map((input, at) => make("label", { class: "course-option" }, input, options[at][1]));
  const root = /** @type {HTMLFieldSetElement} */ (make("fieldset", { class: "course-choice" }, make("legend", { class: "course-name" }, legend),
    make("div", { class: "course-row" }, ...labels)));
  return { root, show: (/** @type {string} */ value) => inputs.forEach((input) => { input.checked = input.value === value; }) };
}

/** A slider over a list. @template T @param {string} name @param {T[]} options @param {(value: T) => void} change @param {(value: T) => string} [text] */
function slider(name, options, change, text = (value) => (value === null || value === 0 ? "off" : String(value))) {
  const id = fresh("course-painter");
  const input = /** @type {HTMLInputElement} */ (make("input", { type: "range", id, min: 0, max: options.length - 1, step: 1 }));
  const now = make("output", { for: id, class: "course-now", "aria-hidden": "true" });
  input.addEventListener("input", () => change(options[Number(input.value)]));
  return {
    root: make("div", { class: "course-slider course-line" }, make("label", { for: id, class: "course-name" }, name), input, now),
    /** @param {T} value */
    show(value) {
      const at = String(options.indexOf(value));
      if (input.value !== at) input.value = at;
      now.textContent = text(value);
      input.setAttribute("aria-valuetext", now.textContent);
    },
  };
}

/** One of the tokens. @param {string} name @param {string[]} words @param {(at: number) => void} change */
function tokenList(name, words, change) {
  const id = fresh("course-painter");
  const select = /** @type {HTMLSelectElement} */ (make("select", { id }, ...words.map((_, at) => make("option", { value: at }, named(words, at)))));
  select.addEventListener("change", () => change(Number(select.value)));
  return { root: make("span", { class: "course-token" }, make("label", { for: id, class: "course-name" }, name), select),
    show: (/** @type {number} */ at) => { select.value = String(at); } };
}

/** A button for each pattern with a name. @param {Painter} all @param {Send} send */
function presetBar(all, send) {
  const chips = Object.entries(all.presets).map(([name, pattern]) => {
    const chip = make("button", { type: "button", class: "course-chip", "aria-pressed": "false" }, name);
    chip.addEventListener("click", () => send({ pattern, painted: null }));
    return { chip, pattern };
  });
  const root = make("div", { role: "toolbar", "aria-label": "masks", class: "course-chips" }, ...chips.map(({ chip }) => chip));
  const undo = rove(root, "button");
  /** @param {Chosen} chosen */
  const show = ({ painted, pattern: now }) => chips.forEach(({ chip, pattern }) => chip.setAttribute("aria-pressed", String(!painted && samePattern(pattern, now))));
  return { root, undo, show };
}

/** How much is kept, and which rows are empty. @param {Painter} all @returns {Part} */
function keptPart(all) {
  const [kept, share] = [make("b", {}), make("span", {})];
  const empty = make("p", { class: "course-warn" });
  return {
    root: make("div", { class: "course-row course-kept" }, kept, share, empty),
    show(chosen, found) {
      kept.textContent = inWords(found.kept);
      share.textContent = `${numberText(found.edges, 0)} of ${numberText(all.n_q * all.n_k, 0)} pairs kept`;
      const rows = found.empty;
      empty.textContent = rows.length ? `∅ ${rows.length > 1 ? "rows" : "row"} ${rows.length > 1 ? placesText(rows) : named(all.words[0], rows[0])} empty` : "";
    },
  };
}

/** Poke a token, and see which outputs move. @param {Painter} all @param {Send} send @returns {Part} */
function leakPart(all, send) {
  const token = tokenList("Add 1", all.words[1], (poke) => send({ poke }));
  const what = radios("to its", ["key and value", "key", "value"].map((one) => [one, one]), (value) => send({ what: value }));
  const order = radios("Mask", [["before", "before the softmax"], ["after", "after"], ["after + renormalise", "after + renormalise"]], (value) => send({ order: value }));
  const hidden = radios("Hidden scores", [["-inf", "−∞"], ["-1e9", "−1e9"], ["-1e9 added", "−1e9 added"], ["0", "0"]], (value) => send({ hidden: value }));
  const verdict = make("p", { class: "course-verdict" });
  return {
    root: make("div", { class: "course-part course-leaks" }, token.root, what.root, order.root, hidden.root, verdict),
    show(chosen, found) {
      const poked = /** @type {Poked} */ (found.poked);
      token.show(chosen.poke);
      what.show(chosen.what);
      order.show(chosen.order);
      hidden.show(chosen.hidden);
      hidden.root.disabled = chosen.order !== "before";
      verdict.classList.toggle("course-leak", poked.leaks.length > 0);
      verdict.textContent = (poked.leaks.length ? "⚠ " : "") + verdictOf(chosen.poke, poked);
    },
  };
}

/** Patterns joined by "or", causal by "and". @param {Painter} all @param {Send} send @returns {Part} */
function composePart(all, send) {
  const n = all.n_k;
  const upTo = (/** @type {number} */ first, /** @type {number} */ last) => Array.from({ length: last - first + 1 }, (_, at) => first + at);
  /** @type {Chosen} */
  let last;
  /** @param {Partial<Pattern>} change */
  const compose = (change) => send({ painted: null, pattern: { ...last.pattern, all: false, ...change } });
  /** @type {Record<string, any>} */
  const lines = {
    radius: slider("radius", [null, ...upTo(0, n - 1)], (radius) => compose({ radius }), (value) => (value === null ? "off" : String(value))),
    stride: slider("stride", [null, ...upTo(1, n)], (stride) => compose({ stride })),
    block: slider("block", [null, ...upTo(1, n)], (block) => compose({ block })),
    globals: slider("global tokens", upTo(0, n), (globals) => compose({ globals })),
    links: slider("random links", upTo(0, n), (links) => compose({ links })),
  };
  const again = make("button", { type: "button", class: "course-chip" }, "draw again");
  const seed = make("span", {});
  again.addEventListener("click", () => compose({ seed: (last.pattern.seed + 1) % 2 ** 32 }));
  const causal = make("button", { type: "button", class: "course-chip", "aria-pressed": "false" }, "and causal");
  causal.addEventListener("click", () => compose({ all: last.pattern.all, limit: last.pattern.limit === "causal" ? "none" : "causal" }));
  const names = Object.keys(lines);
  return {
    root: make("div", { class: "course-part", role: "group", "aria-label": "patterns, joined by or" },
      ...names.map((name) => lines[name].root), make("div", { class: "course-row" }, causal, again, seed)),
    show(chosen) {
      last = chosen;
      for (const name of names) lines[name].show(chosen.pattern[/** @type {keyof Pattern} */ (name)]);
      seed.textContent = `seed ${chosen.pattern.seed}`;
      again.toggleAttribute("disabled", !chosen.pattern.links);
      causal.setAttribute("aria-pressed", String(chosen.pattern.limit === "causal"));
    },
  };
}

/** From whom a token has heard after some layers, and how many hops all pairs need. @param {Painter} all @param {Send} send @returns {Part} */
function hopsPart(all, send) {
  const token = tokenList("token", all.words[0], (value) => send({ token: value }));
  const layers = slider("layers", Array.from({ length: Math.max(1, all.n_q - 1) }, (_, at) => at + 1), (value) => send({ layers: value }), String);
  const heard = make("p", { class: "course-heard-of" });
  const bars = make("div", { class: "course-bars" });
  return {
    root: make("div", { class: "course-part" }, make("div", { class: "course-row" }, token.root, heard), layers.root,
      make("p", { class: "course-name" }, "pairs by hops"), bars),
    show(chosen, { histogram = [], never = 0, reached = [] }) {
      token.show(chosen.token);
      layers.show(Math.min(chosen.layers, Math.max(1, all.n_q - 1)));
      heard.textContent = `has heard from ${reached.filter(Boolean).length} of ${all.n_q}`;
      const rows = barsOf(histogram, never);
      const most = Math.max(1, ...rows.map(([, count]) => count));
      bars.replaceChildren(...rows.map(([name, count]) => make("div", {}, make("span", {}, name),
        make("i", { style: `width:${(60 * count) / most}%` }), make("span", {}, numberText(count, 0)))));
    },
  };
}

/** Pairs by hops as names and counts, the many-hop ones together. @param {number[]} histogram @param {number} never @returns {[string, number][]} */
export function barsOf(histogram, never) {
  /** @type {[string, number][]} */
  let rows = histogram.map((count, hop) => /** @type {[string, number]} */ ([String(hop), count])).slice(1);
  if (rows.length > BARS) rows = [...rows.slice(0, BARS - 1), [`${BARS}+`, rows.slice(BARS - 1).reduce((sum, [, count]) => sum + count, 0)]];
  return never ? [...rows, ["never", never]] : rows;
}

/** A row for each query. @param {Painter} all @param {Chosen} chosen @param {Found} found */
function tableOf(all, chosen, { allowed, hops, poked }) {
  const { n_k, words } = all;
  const keys = [...Array(n_k).keys()];
  const columns = ["query", "may look at", ...(hops ? ["hops to the farthest"] : []), ...(poked ? ["output moved by", "leak"] : [])];
  const rows = words[0].map((_, q) => {
    const seen = keys.filter((k) => allowed[q * n_k + k]);
    const far = hops ? [...hops.subarray(q * n_k, (q + 1) * n_k)] : [];
    const cells = [seen.length ? placesText(seen) : "nobody"];
    if (hops) cells.push(far.includes(-1) ? "never" : String(Math.max(...far)));
    if (poked) cells.push(poked.moved[q] > MOVED ? weightText(poked.moved[q]) : "0", poked.leaks.includes(q) ? "leak" : "");
    return make("tr", {}, make("th", { scope: "row" }, named(words[0], q)), ...cells.map((text) => make("td", {}, text)));
  });
  return make("table", {}, make("caption", {}, poked ? `1 added to the ${chosen.what} of ${named(words[1], chosen.poke)}` : "Who may look at whom"),
    make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, ...rows));
}
