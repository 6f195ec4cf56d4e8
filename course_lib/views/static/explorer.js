// @ts-check
// Who looks at whom. Hover previews, click or Enter pins, again or Escape lets go; Python reads what is pinned.

const NOTHING = { query: null, key: null };
const ROWS = 200; // more than this in a table nobody reads

/** @param {Pin} a @param {Pin} b */
const samePin = (a, b) => a.query === b.query && a.key === b.key;

/** Which heads are on after a click on one, or on "all". The last one stays on.
 * @param {number[]} on @param {number | null} head @param {number} count @returns {number[]} */
export function toggledHeads(on, head, count) {
  if (head === null) return on.length === count ? [0] : [...Array(count).keys()];
  if (!on.includes(head)) return [...on, head].sort((a, b) => a - b);
  return on.length > 1 ? on.filter((other) => other !== head) : on;
}

/** A button for each head: its letter, and a line in its colour and dash.
 * @param {Explored} all @param {(head: number | null) => void} toggle */
function headChips(all, toggle) {
  const chips = Array.from({ length: all.n_heads }, (_, head) => {
    const line = shape("path", { d: "M0 6H26", "stroke-width": 4, "stroke-dasharray": dashOf(head) });
    const chip = make("button", { type: "button", class: "course-chip", "aria-pressed": "false", "aria-label": `head ${letterOf(head)}` },
      shape("svg", { width: 26, height: 12, "aria-hidden": "true" }, line), make("span", {}, letterOf(head)));
    chip.addEventListener("click", () => toggle(head));
    return { chip, line };
  });
  const every = make("button", { type: "button", class: "course-chip", "aria-pressed": "false", "aria-label": "all heads" }, "all");
  every.addEventListener("click", () => toggle(null));
  const bar = make("div", { role: "toolbar", "aria-label": "heads", class: "course-chips" },
    make("span", { "aria-hidden": "true" }, "heads"), ...chips.map(({ chip }) => chip), every);
  const undo = rove(bar, "button");
  return {
    bar, undo,
    /** @param {number[]} on */
    show(on) {
      chips.forEach(({ chip, line }, head) => {
        chip.setAttribute("aria-pressed", String(on.includes(head)));
        line.setAttribute("stroke", beamColour(head, 0.4, isDark()));
      });
      every.setAttribute("aria-pressed", String(on.length === all.n_heads));
    },
  };
}

/** The threshold of the mode in which all tokens show their beams. @param {Explored} all @param {(threshold: number) => void} change */
function thresholdSlider(all, change) {
  const id = fresh("course-threshold");
  const input = /** @type {HTMLInputElement} */ (make("input", { type: "range", id, min: 0, max: THRESHOLDS.length - 1, step: 1 }));
  const now = make("output", { for: id, class: "course-now", "aria-hidden": "true" });
  input.addEventListener("input", () => change(THRESHOLDS[Number(input.value)]));
  return {
    row: make("div", { class: "course-slider course-threshold" },
      make("label", { for: id, class: "course-name" }, "all beams from"), now, input),
    /** @param {number} threshold */
    show(threshold) {
      const at = String(THRESHOLDS.indexOf(threshold));
      if (input.value !== at) input.value = at;
      now.textContent = weightText(threshold * all.full);
      input.setAttribute("aria-valuetext", now.textContent);
    },
  };
}

/** The numbers, for those who would rather read: the whole matrix where it is small, else the beams, strongest first.
 * @param {Explored} all @param {Selection} chosen @param {Float64Array} mean @param {Beam[]} beams */
function tableOf(all, chosen, mean, beams) {
  const [q, k] = all.names;
  const cells = (/** @type {string} */ tag, /** @type {string[]} */ texts) => texts.map((text) => make(tag, tag === "th" ? { scope: "col" } : {}, text));
  if (Math.max(all.n_q, all.n_k) <= CELLS) {
    const rows = q.map((name, at) => make("tr", { class: chosen.query === at ? "course-on" : "" }, make("th", { scope: "row" }, name),
      ...cells("td", [...mean.subarray(at * all.n_k, (at + 1) * all.n_k)].map(weightText))));
    return make("table", {}, make("caption", {}, "Weights: a row asks, a column is looked at."),
      make("thead", {}, make("tr", {}, ...cells("th", ["", ...k]))), make("tbody", {}, ...rows));
  }
  const strongest = [...beams].sort((a, b) => b.weight - a.weight).slice(0, ROWS);
  const caption = strongest.length < beams.length ? `The ${ROWS} strongest of ${beams.length} beams.` : "The beams, strongest first.";
  const rows = strongest.map((beam) => make("tr", {}, ...cells("td",
    [...(all.headed ? [letterOf(beam.head)] : []), q[beam.query], k[beam.key], weightText(beam.weight)])));
  return make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...cells("th", [...(all.headed ? ["head"] : []), "asks", "is looked at", "weight"]))),
    make("tbody", {}, ...rows));
}

/** One figure on the data as they are now. @param {Model} model @param {HTMLElement} root */
function explore(model, root) {
  const all = readExplored(model);
  /** @type {Pin | null} */
  let looked = null; // the pointer's or the focus's, never Python's
  /** @type {Pin | null} */
  let muted = null; // just let go: no preview of it while the pointer rests there
  let heads = "";
  /** @type {Float64Array} */
  let mean;
  const chosen = () => /** @type {Selection} */ (model.get("selection"));
  /** @param {Partial<Selection>} change */
  const send = (change) => {
    model.set("selection", { ...chosen(), ...change });
    model.save_changes();
  };
  /** @param {Pin | null} pin */
  const preview = (pin) => {
    if (pin && muted && samePin(pin, muted)) return;
    muted = null;
    if (pin === looked || (pin && looked && samePin(pin, looked))) return;
    looked = pin;
    draw();
  };
  /** @param {Pin} pin */
  const choose = (pin) => {
    const again = samePin(pin, chosen());
    [looked, muted] = [null, again ? pin : null];
    send(again ? NOTHING : pin);
  };
  const beams = beamPanel(all, { preview, choose });
  const matrix = matrixPanel(all, { preview, choose: (pin) => { choose(pin); beams.reveal(pin); } });
  const chips = headChips(all, (head) => send({ heads: toggledHeads(chosen().heads, head, all.n_heads) }));
  const threshold = thresholdSlider(all, (value) => send({ threshold: value }));
  const button = make("button", { type: "button", class: "course-chip", "aria-expanded": "false" }, "table");
  const table = make("div", { class: "course-table", role: "region", "aria-label": "the weights as a table", tabindex: 0, hidden: "" });
  const bar = make("div", { class: "course-bar" }, make("span", { class: "course-badge" }, `${all.label} weights`),
    ...(all.headed ? [chips.bar] : []), threshold.row, button);
  root.replaceChildren(bar);
  const say = speak(root);
  root.append(make("div", { class: "course-stage" }, beams.panel, matrix.panel), table);

  const tabulate = () => {
    if (!table.hidden) table.replaceChildren(tableOf(all, chosen(), mean, beamsOf(all, chosen())));
  };
  const draw = () => {
    const pinned = chosen();
    const shown = { ...pinned, ...looked };
    if (pinned.heads.join() !== heads) {
      heads = pinned.heads.join();
      mean = meanOf(all, pinned.heads);
      matrix.paint(mean);
    }
    const found = beamsOf(all, shown);
    const sentence = sentenceOf(all, shown, mean, found);
    beams.show(shown, pinned, found, mean);
    matrix.mark(shown, pinned);
    say(sentence);
  };
  const follower = () => {
    const pinned = chosen();
    chips.show(pinned.heads);
    threshold.show(pinned.threshold);
    draw();
    tabulate();
  };
  const repaint = () => {
    heads = "";
    follower();
  };
  button.addEventListener("click", () => {
    table.hidden = !table.hidden;
    button.setAttribute("aria-expanded", String(!table.hidden));
    tabulate();
  });
  follower();
  const letGo = () => {
    const pinned = !samePin(chosen(), NOTHING);
    if (pinned) choose({ query: chosen().query, key: chosen().key });
    return pinned;
  };
  return {
    letGo, leave: () => preview(null),
    undo: [...beams.undo, chips.undo, follow(model, ["selection"], follower), followTheme(repaint)],
  };
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const root = make("div", { class: "course-figure course-explorer", role: "group", "aria-label": "attention explorer" });
  let figure = explore(model, root);
  const stop = () => figure.undo.forEach((step) => step());
  const rebuild = () => {
    stop();
    figure = explore(model, root);
  };
  root.addEventListener("keydown", (event) => {
    // Before the guard: Escape lets go first, and leaves the figure only when nothing is pinned.
    if (event.key === "Escape" && !belongsOutside(event) && figure.letGo()) event.stopImmediatePropagation();
  });
  root.addEventListener("focusout", (event) => {
    if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) figure.leave();
  });
  const data = follow(model, ["weights", "tokens", "names", "headed", "full", "label", "note"], rebuild);
  return mount(el, root, data, () => stop());
}

export default { render };
