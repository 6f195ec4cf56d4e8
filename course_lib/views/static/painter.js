// @ts-check
// Paint who may look at whom. The mask is in the selection: Python reads it in the next cell.

/** One figure on the data as they are now. @param {Model} model @param {HTMLElement} root */
function paintOn(model, root) {
  const all = readPainter(model);
  const chosen = () => /** @type {Chosen} */ (model.get("selection"));
  /** @type {Send} */
  const send = (change) => {
    model.set("selection", { ...chosen(), ...change });
    model.save_changes();
  };
  const grid = gridPanel(all, {
    paint(cells, value) {
      const allowed = maskOf(all, chosen());
      const changed = cells.filter(([q, k]) => Boolean(allowed[q * all.n_k + k]) !== value);
      for (const [q, k] of changed) allowed[q * all.n_k + k] = Number(value);
      if (changed.length) send({ painted: rowsOf(allowed, all.n_k) });
    },
    choose(query, key) {
      if (query < 0 && all.tools.includes("leak")) send({ poke: key });
      if (key < 0 && all.tools.includes("compose")) send({ token: query });
    },
  });
  const presets = presetBar(all, send);
  const parts = [keptPart(all)];
  if (all.tools.includes("leak")) parts.push(leakPart(all, send));
  if (all.tools.includes("compose")) parts.push(composePart(all, send), hopsPart(all, send));
  const button = make("button", { type: "button", class: "course-chip", "aria-expanded": "false" }, "table");
  const table = make("div", { class: "course-table", role: "region", "aria-label": "the mask as a table", tabindex: 0, hidden: "" });
  root.replaceChildren(make("div", { class: "course-bar" }, presets.root, button),
    make("div", { class: "course-stage" }, grid.panel, make("div", { class: "course-side" }, ...parts.map((part) => part.root))));
  const say = speak(root);
  root.append(table);

  const draw = (anew = false) => {
    const now = chosen();
    const found = find(all, now);
    presets.show(now);
    grid.show(now, found, anew);
    for (const part of parts) part.show(now, found);
    if (!table.hidden) table.replaceChildren(tableOf(all, now, found));
    say(sentenceOf(all, now, found));
  };
  button.addEventListener("click", () => {
    table.hidden = !table.hidden;
    button.setAttribute("aria-expanded", String(!table.hidden));
    draw();
  });
  draw();
  return [presets.undo, follow(model, ["selection"], () => draw()), followTheme(() => draw(true))];
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const root = make("div", { class: "course-figure course-painter", role: "group", "aria-label": "mask painter" });
  let undo = paintOn(model, root);
  const stop = () => undo.forEach((step) => step());
  const data = follow(model, ["words", "tools", "presets", "real", "note", "Q", "K", "V"], () => {
    stop();
    undo = paintOn(model, root);
  });
  return mount(el, root, data, () => stop());
}

export default { render };
