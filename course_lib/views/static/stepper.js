// @ts-check
// The stepper on the page: a rail of steps, a sentence, and a table whose numbers can be typed over.

const ROOTS = [1, 2, 4, 8, 16, 64, 256, 1024];
const HEATS = [0.1, 0.25, 0.5, 1, 2, 4, 10];

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const rows = (/** @type {string} */ name) => {
    const { data, shape: [n, m] } = floats(model, name);
    return Array.from({ length: n }, (_, i) => [...data.slice(i * m, (i + 1) * m)]);
  };
  const tokens = /** @type {string[]} */ (model.get("tokens"));
  const colours = /** @type {string[]} */ (model.get("colours")).map(channels);
  const mask = /** @type {number[][]} */ (model.get("mask"));
  const given = { X: rows("X"), W_q: rows("W_q"), W_k: rows("W_k"), W_v: rows("W_v"), allowed: mask.length ? mask.map((row) => row.map(Boolean)) : null };
  const steps = stepsOf(given.allowed !== null);
  const start = model.get("start");
  const now = () => /** @type {Selection} */ (model.get("selection"));
  const choose = (/** @type {Partial<Selection>} */ change) => {
    model.set("selection", { ...now(), ...change });
    model.save_changes();
  };
  const go = (/** @type {number} */ step) => choose({ step: Math.min(steps.length - 1, Math.max(0, step)) });

  // ---- what stands still
  const id = fresh("course-stepper");
  const button = (/** @type {string} */ text, /** @type {() => void} */ act, more = {}) => {
    const made = make("button", { type: "button", ...more }, text);
    made.addEventListener("click", act);
    return /** @type {HTMLButtonElement} */ (made);
  };
  const radios = tokens.map((word, i) => {
    const radio = /** @type {HTMLInputElement} */ (make("input", { type: "radio", name: id, value: i }));
    radio.addEventListener("change", () => choose({ query: i, edits: ofAnyQuery(now().edits) }));
    return radio;
  });
  /** @param {string} name @param {number[]} options @param {"d_k" | "temperature"} what */
  const select = (name, options, what) => {
    const made = /** @type {HTMLSelectElement} */ (make("select", {}, ...options.map((x) => make("option", { value: x }, say(x)))));
    made.addEventListener("change", () => choose({ [what]: Number(made.value) }));
    return { box: make("label", { class: "course-setting" }, `${name} `, made), made };
  };
  const root_of = select("divide by √ of", [...new Set([...ROOTS, start.d_k])].sort((a, b) => a - b), "d_k");
  const heat = select("temperature", [...new Set([...HEATS, start.temperature])].sort((a, b) => a - b), "temperature");
  const maximum = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox" }));
  maximum.addEventListener("change", () => choose({ maximum: maximum.checked }));
  const rail = make("div", { role: "tablist", "aria-label": "steps", class: "course-rail" }, ...steps.map((step, i) => {
    const tab = make("div", { role: "tab", id: `${id}-${i}`, "aria-controls": `${id}-panel` }, make("span", { "aria-hidden": "true" }, `${i + 1}`), TITLES[step][0]);
    tab.addEventListener("click", () => { go(i); tab.focus(); });
    return tab;
  }));
  const back = button("◀ Back", () => go(now().step - 1));
  const next = button("Next ▶", () => go(now().step + 1), { class: "course-go" });
  const title = make("span", { class: "course-title" });
  const formula = make("span", { class: "course-formula" });
  const said = make("div", { class: "course-said" });
  const say_it = speak(said);
  const failed = make("div", { class: "course-failures", role: "status" });
  const panel = make("div", { role: "tabpanel", id: `${id}-panel`, class: "course-panel" });
  const mixed = make("div", { class: "course-mixed" });
  const breaks = [
    { text: "a score of 1,000, no maximum", on: (/** @type {Selection} */ c) => c.large && !c.maximum, act: { large: true, maximum: false }, undo: { large: false, maximum: start.maximum } },
    { text: "softmax over queries", on: (/** @type {Selection} */ c) => c.axis === "queries", act: { axis: "queries" }, undo: { axis: "keys" } },
    { text: "no scaling", on: (/** @type {Selection} */ c) => !c.divide, act: { divide: false }, undo: { divide: true } },
  ].map((one) => ({ ...one, made: button(one.text, () => choose(/** @type {any} */ (one.on(now()) ? one.undo : one.act))) }));
  const paint = button("Show the values as colours", () => choose({ colours: !now().colours }));
  const reset = button("Start over", () => choose({ ...start, step: now().step, query: now().query }));
  const root = make("section", { class: "course-figure course-stepper", "aria-label": "Attention, step by step" },
    make("div", { class: "course-line" },
      make("fieldset", { class: "course-choice" }, make("legend", { class: "course-name" }, "the word that asks"),
        ...radios.map((radio, i) => make("label", { class: "course-option" }, radio, make("span", {}, tokens[i])))),
      make("span", { class: "course-label" }, `numbers: ${model.get("label")}`)),
    rail,
    make("div", { class: "course-line course-head" }, back, make("div", { class: "course-headline" }, title, formula), next),
    said, failed, panel, mixed,
    make("div", { class: "course-line course-settings" }, root_of.box, heat.box, make("label", { class: "course-setting" }, maximum, " subtract the maximum"), paint, reset),
    make("div", { class: "course-line course-breaks", role: "group", "aria-label": "break it" }, make("span", { class: "course-name" }, "Break it:"), ...breaks.map((one) => one.made)));

  // ---- the table
  let shown = "";
  let chars = 0;
  /** @type {((cell: Cell) => void)[]} */
  let updates = [];
  /** @param {Cell} cell @param {string} place */
  const cellOf = (cell, place) => {
    const td = make("td", { class: `${cell.strong ? "course-strong " : ""}${cell.faint ? "course-faint " : ""}${cell.bar === undefined ? "" : "course-barred"}` });
    const at = cell.at;
    const holder = make(at ? "input" : "span", at ? { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", tabindex: -1, "aria-label": `${at[0].replace("_", " ")}, ${cell.label}`, "data-place": place, "data-at": at.join() } : {});
    const bar = make("span", { class: "course-fill", "aria-hidden": "true" });
    td.append(holder, ...(cell.bar === undefined ? [] : [make("span", { class: cell.bar === null ? "course-no-track" : "course-track" }, bar)]));
    updates.push((now_cell) => {
      const text = textOf(now_cell);
      if (at) {
        const field = /** @type {HTMLInputElement} */ (holder);
        if (document.activeElement !== field) field.value = text;
        td.classList.toggle("course-typed", now().edits.some((edit) => edit[0] === at[0] && edit[1] === at[1] && edit[2] === at[2]));
      } else holder.textContent = text;
      td.classList.toggle("course-wrong", !now_cell.text && (Number.isNaN(now_cell.x) || now_cell.x === Infinity));
      bar.style.width = `${100 * Math.min(1, Math.max(0, now_cell.bar || 0))}%`;
    });
    if (at) {
      const field = /** @type {HTMLInputElement} */ (holder);
      field.addEventListener("focus", () => field.select());
      field.addEventListener("input", () => {
        const value = readTyped(field.value);
        field.setAttribute("aria-invalid", String(Number.isNaN(value)));
        if (!Number.isNaN(value)) choose({ edits: retyped(now().edits, at[0], at[1], at[2], value) });
      });
      field.addEventListener("blur", () => { field.removeAttribute("aria-invalid"); draw(true); });
    }
    return td;
  };
  /** @param {Band[]} bands */
  const build = (bands) => {
    updates = [];
    let line = 0;
    const corner = make("td", { class: "course-corner" });
    const bodies = bands.map((band, b) => {
      const heads = make("tr", {}, make("td"), ...band.blocks.map((block) => make(block.title ? "th" : "td", { colspan: block.names.length, ...(block.title ? { scope: "colgroup" } : {}) }, block.title)));
      const named = band.blocks.some((block) => block.names.some(Boolean));
      const names = make("tr", { class: "course-names" }, make("td"), ...band.blocks.flatMap((block) => block.names.map((name) => make("td", {}, name))));
      const lines = band.rows.map((row, r) => {
        line += 1;
        let cells = row.cells.map((cell, c) => (cell ? cellOf(cell, `${line},${c}`) : make("td")));
        if (row.kind === "weight") { // the free corner above X says how a number is made
          const free = row.cells.filter((cell) => !cell).length;
          cells = cells.slice(free);
          if (r === 0) cells.unshift(corner);
          corner.setAttribute("colspan", String(free));
          corner.setAttribute("rowspan", String(band.rows.length));
        }
        return make("tr", { class: `course-${row.kind || "key"}` }, make("th", { scope: "row" }, row.name), ...cells);
      });
      return make("tbody", {}, heads, ...(named ? [names] : []), ...lines, ...(b < bands.length - 1 ? [make("tr", { class: "course-gap" }, make("td"))] : []));
    });
    panel.replaceChildren(make("table", {}, ...bodies));
    panel.querySelector("input")?.setAttribute("tabindex", "0");
    tell(null);
  };
  /** Say in the corner how a projected number is made. @param {EventTarget | null} target */
  const tell = (target) => {
    const corner = panel.querySelector(".course-corner");
    if (!corner) return;
    const at = /** @type {HTMLElement | null} */ (target)?.dataset?.at ?? "";
    const [name, row, column] = at.split(",");
    corner.textContent = madeOf(walk(given, now()), name, Number(row), Number(column), tokens)
      || "A row of X times a column of W makes one number of Q, K or V. Point at one to see how.";
    for (const field of fields()) field.classList.toggle("course-term", isTermOf(field.dataset.at ?? "", at));
  };
  const fields = () => /** @type {HTMLInputElement[]} */ ([...panel.querySelectorAll("input")]);
  // ---- keys
  root.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (belongsOutside(event)) return;
    const inTable = panel.contains(target) && target.tagName === "INPUT";
    const onTab = target.getAttribute("role") === "tab";
    const onStepButton = target === back || target === next;
    if (inTable && (event.key.startsWith("Arrow") || event.key === "Enter")) {
      event.preventDefault();
      const all = fields();
      all[ahead(all.map((field) => (field.dataset.place ?? "").split(",").map(Number)), all.indexOf(/** @type {HTMLInputElement} */ (target)), event.key)]?.focus();
    } else if (event.key === " " && (inTable || onTab)) {
      event.preventDefault();
      go(now().step + (event.shiftKey ? -1 : 1));
      tabs()[now().step].focus();
    } else if (onTab || onStepButton) {
      const goal = { ArrowRight: now().step + 1, ArrowLeft: now().step - 1, Home: 0, End: steps.length - 1 }[event.key];
      if (goal === undefined) return;
      event.preventDefault();
      go(goal);
      if (onTab) tabs()[now().step].focus();
    }
  });
  const tabs = () => /** @type {HTMLElement[]} */ ([...rail.children]);
  panel.addEventListener("focusin", (event) => {
    for (const field of fields()) field.tabIndex = field === event.target ? 0 : -1;
    tell(event.target);
  });
  panel.addEventListener("mouseover", (event) => tell(event.target));

  // ---- what moves
  const draw = (quiet = false) => {
    const chosen = now();
    const step = steps[chosen.step];
    const w = walk(given, chosen);
    radios.forEach((radio, i) => { radio.checked = i === chosen.query; });
    root_of.made.value = String(chosen.d_k);
    root_of.made.disabled = !chosen.divide;
    heat.made.value = String(chosen.temperature);
    maximum.checked = chosen.maximum;
    tabs().forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === chosen.step));
      tab.tabIndex = i === chosen.step ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `${id}-${chosen.step}`);
    back.setAttribute("aria-disabled", String(chosen.step === 0)); // not disabled: that would throw the focus away
    next.setAttribute("aria-disabled", String(chosen.step === steps.length - 1));
    for (const one of breaks) one.made.setAttribute("aria-pressed", String(one.on(chosen)));
    paint.hidden = step !== "output";
    paint.setAttribute("aria-pressed", String(chosen.colours));
    [title.textContent, formula.textContent] = TITLES[step].slice(1);
    const bands = tableOf(step, w, chosen, tokens, given.allowed);
    const frame = JSON.stringify([step, bands.map((band) => [band.blocks.map((block) => [block.title, block.names]), band.rows.map((row) => [row.name, row.kind])])]);
    if (frame !== shown) {
      shown = frame;
      build(bands);
      chars = 0;
    }
    const fit = fitted(bands);
    chars = Math.max(chars, fit.chars); // columns do not get narrower while a number is typed
    panel.style.cssText = `--chars:${chars};--size:${fit.size}px;--track:${fit.track}px`;
    bands.flatMap((band) => band.rows.flatMap((row) => row.cells)).filter(Boolean).forEach((cell, i) => updates[i](/** @type {Cell} */ (cell)));
    mix(w, chosen, step);
    if (quiet) return;
    failed.replaceChildren(...failures(given, chosen, tokens).map(({ name, text }) => make("p", {}, make("strong", {}, `${name}: `), text)));
    root.setAttribute("aria-description", wholeWay(w, chosen, tokens));
    // A row of numbers stays on one line.
    say_it(sentence(step, w, chosen, tokens, given.allowed).replace(/\[[^\]]*\]/g, (row) => row.replace(/ /g, "\u00a0")));
  };
  /** The values as colours, as wide as their weights, above the colour that they make as lamps would.
   * @param {ReturnType<typeof walk>} w @param {Selection} chosen @param {string} step */
  const mix = (w, chosen, step) => {
    mixed.hidden = step !== "output" || !chosen.colours;
    const names = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll("tr:not(.course-foot) > th[scope=row]")]);
    names.forEach((name, j) => { name.style.boxShadow = mixed.hidden ? "" : `inset 14px 0 ${cssColour(colours[j])}`; name.style.paddingLeft = mixed.hidden ? "" : "22px"; });
    if (mixed.hidden) return;
    const block = (/** @type {number[]} */ rgb, /** @type {string} */ text, /** @type {number} */ share) => {
      const made = make("div", { class: "course-block" }, share > 0.07 ? text : "");
      made.style.cssText = `background:${cssColour(rgb)};color:${inkOn(rgb)};width:${100 * share}%`;
      return made;
    };
    const lost = w.weights.some(Number.isNaN);
    const wide = Math.max(1, w.share);
    mixed.replaceChildren(
      make("div", { class: "course-blocks" }, ...(lost ? [] : w.weights.map((share, j) => block(colours[j], `${tokens[j]} ${say(share)}`, share / wide)))),
      lost ? make("div", { class: "course-block course-lost" }, "nan: no colour at all") : block(mixLight(colours, w.weights), "the output, if each value were its colour", 1));
  };
  draw();
  return mount(el, root, follow(model, ["selection"], () => draw()));
}

export default { render };
