// @ts-check
// Words as arrows in a plane: drag one, and see dot product and cosine disagree about who is near.

const NEAR = 24; // a tip is taken from this far

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const words = /** @type {string[]} */ (model.get("words"));
  const table = floats(model, "table");
  const [, d] = table.shape;
  const start = words.map((_, i) => [table.data[i * d], table.data[i * d + 1]]);
  const frame = /** @type {number[]} */ (model.get("frame"));
  const first = { ...model.get("selection"), moved: {} };
  /** @type {{word: string, off: number[], frame: number[]} | null} */
  let drag = null;

  const choice = () => /** @type {Choice} */ (model.get("selection"));
  /** @param {Partial<Choice>} changes */
  const choose = (changes) => {
    model.set("selection", { ...choice(), ...changes });
    model.save_changes();
  };
  /** @param {string} word @param {number[]} place */
  const move = (word, place) => choose({ moved: { ...choice().moved, [word]: place } });

  // ---- what stands still
  const under = shape("g", { "aria-hidden": "true" });
  const arrows = shape("g", {});
  const over = shape("g", { "aria-hidden": "true", class: "course-labels" });
  const svg = shape("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "course-plane-picture" }, under, arrows, over);
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", "words in the plane: arrow keys move one, Page Up and Page Down go to the next");
  const handles = words.map((word) => {
    const shaft = shape("line", { class: "course-shaft" });
    const head = shape("path", { class: "course-head" });
    const ring = shape("circle", { class: "course-ring", r: 12 });
    const root = shape("g", { class: "course-word-arrow", role: "slider", "aria-roledescription": "word that can be moved",
      "aria-label": word, tabindex: -1 }, shaft, head, ring);
    arrows.append(root);
    return { root, shaft, head, ring };
  });
  const picker = (/** @type {string} */ name, /** @type {"chosen" | "reference"} */ key) => {
    const select = /** @type {HTMLSelectElement} */ (make("select", {}, ...words.map((word) => make("option", { value: word }, word))));
    select.addEventListener("change", () => choose({ [key]: select.value }));
    const id = fresh("course-plane");
    select.setAttribute("id", id);
    return { select, root: make("div", {}, make("label", { for: id }, name), select) };
  };
  const [mover, other] = [picker("move", "chosen"), picker("compare with", "reference")];
  const reading = (/** @type {string} */ name) => {
    const value = make("b", {});
    return { value, root: make("div", {}, make("span", {}, name), " ", value) };
  };
  const [dot, cosine, angle] = ["dot product", "cosine", "angle"].map(reading);
  const shadow = make("p", { class: "course-plane-note" });
  const whole = make("p", { class: "course-plane-note" });
  const [dots, cosines] = [make("ol", {}), make("ol", {})];
  const links = shape("svg", { viewBox: `0 0 40 ${ROWS * ROW}`, width: 40, height: ROWS * ROW, "aria-hidden": "true" });
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  };
  const stretch = (/** @type {string} */ key) => () => step(choice().chosen, key, false);
  const half = button("half as long", stretch("-"));
  const twice = button("twice as long", stretch("+"));
  const back = button("put back", () => choose(first));
  const tableBody = make("tbody", {});
  const titles = ["word", "x", "y", "dot product", "cosine", "angle"].map((title) => make("th", { scope: "col" }, title));
  const caption = make("caption", {});
  const numbers = make("table", { hidden: "" }, caption, make("thead", {}, make("tr", {}, ...titles)), tableBody);
  const toggle = button("table", () => {
    const shown = numbers.hasAttribute("hidden");
    shown ? numbers.removeAttribute("hidden") : numbers.setAttribute("hidden", "");
    toggle.setAttribute("aria-expanded", String(shown));
  });
  toggle.setAttribute("aria-expanded", "false");
  const side = make("div", { class: "course-plane-side" },
    make("div", { class: "course-plane-pickers" }, mover.root, other.root),
    make("div", { class: "course-plane-readings" }, dot.root, cosine.root, angle.root), shadow, whole,
    make("div", { class: "course-plane-orders" },
      make("div", {}, make("p", {}, "by dot product"), dots), links, make("div", {}, make("p", {}, "by cosine"), cosines)),
    make("div", { class: "course-plane-buttons" }, half, twice, back, toggle));
  const about = `${words.length} words, ${d === 2 ? "2 features" : `the first 2 of ${d} features`} · ${model.get("label")}`;
  const picture = make("div", { class: "course-plane-left" }, svg, make("p", { class: "course-plane-about" }, about));
  const root = make("div", { class: "course-figure course-plane" }, make("div", { class: "course-plane-row" }, picture, side));
  const say = speak(root);
  root.append(numbers);

  // ---- what moves
  /** @type {number[]} */
  let view = frame;
  const toPixel = (/** @type {number[]} */ [x, y]) => [((x - view[0]) / view[2]) * SIDE, SIDE - ((y - view[1]) / view[2]) * SIDE];
  const toPlace = (/** @type {number[]} */ [px, py]) => [view[0] + (px / SIDE) * view[2], view[1] + ((SIDE - py) / SIDE) * view[2]];

  const draw = () => {
    const now = choice();
    const places = placesNow(start, words, now);
    view = drag ? drag.frame : framed(frame, places);
    const all = nearness(start, words, now);
    const [own, ref] = [words.indexOf(now.chosen), words.indexOf(now.reference)];
    const tips = places.map(toPixel);
    drawGround(under, toPixel, view);
    drawPair(under, toPixel, places[own], places[ref]);
    for (const word of Object.keys(now.moved)) drawBefore(under, toPixel(start[words.indexOf(word)]), toPixel([0, 0]));
    handles.forEach(({ root: arrow, shaft, head, ring }, i) => {
      const [[x0, y0], [x, y]] = [toPixel([0, 0]), tips[i]];
      arrow.setAttribute("class", `course-word-arrow${i === own ? " course-chosen" : i === ref ? " course-reference" : ""}`);
      arrow.setAttribute("tabindex", i === own ? "0" : "-1");
      arrow.setAttribute("aria-valuenow", String(Number(places[i][0].toFixed(4))));
      arrow.setAttribute("aria-valuetext", `${numberText(places[i][0])}, ${numberText(places[i][1])}`);
      for (const [name, value] of Object.entries({ x1: x0, y1: y0, x2: x, y2: y })) shaft.setAttribute(name, value.toFixed(1));
      ring.setAttribute("cx", x.toFixed(1));
      ring.setAttribute("cy", y.toFixed(1));
      head.setAttribute("d", arrowHead([x0, y0], [x, y]));
    });
    for (const i of [ref, own]) if (arrows.lastChild !== handles[i].root && !drag && !holds(handles[i].root)) arrows.append(handles[i].root);
    drawLabels(over, words, tips, toPixel([0, 0]), own, ref);
    for (const [{ select }, at] of /** @type {[any, number][]} */ ([[mover, own], [other, ref]])) select.value = words[at];
    const pair = all[ref];
    dot.value.textContent = numberText(pair.dot);
    cosine.value.textContent = numberText(pair.cosine);
    angle.value.textContent = Number.isNaN(pair.angle) ? "none" : `${numberText(pair.angle, 0)}°`;
    const length = Math.hypot(...places[ref]);
    shadow.textContent = `shadow on ${now.reference} ${numberText(length ? pair.dot / length : 0)} × length ${numberText(length)} = ${numberText(pair.dot)}`;
    whole.textContent = d === 2 ? "" : inFull(table.data, d, own, ref, now);
    const [byDot, byCosine] = [ranked(all.map((near) => near.dot)), ranked(all.map((near) => near.cosine))];
    list(dots, byDot, all, "dot", own);
    list(cosines, byCosine, all, "cosine", own);
    drawLinks(links, byDot, byCosine);
    caption.textContent = `all against ${now.chosen}`;
    tableBody.replaceChildren(...all.map((near) => make("tr", {}, make("th", { scope: "row" }, near.word),
      ...[near.at[0], near.at[1], near.dot, near.cosine].map((value) => make("td", {}, numberText(value))),
      make("td", {}, Number.isNaN(near.angle) ? "none" : `${numberText(near.angle, 0)}°`))));
    back.toggleAttribute?.("disabled", !Object.keys(now.moved).length && now.chosen === first.chosen && now.reference === first.reference);
    say(describe(start, words, now, model.get("total")));
  };
  const holds = (/** @type {Node} */ node) => node.contains?.(document.activeElement);

  // ---- the hand
  /** @param {string} word @param {string} key @param {boolean} fine @returns {boolean} */
  const step = (word, key, fine) => {
    const at = placesNow(start, words, choice())[words.indexOf(word)];
    const goal = movedBy(key, at, fine);
    if (!goal) return false;
    const [x, y] = inside(frame, goal);
    if (key !== "+" || (x === goal[0] && y === goal[1])) move(word, [x, y]); // cut off at the edge, an arrow would turn
    return true;
  };
  handles.forEach(({ root: arrow }, i) => {
    arrow.addEventListener("focus", () => { if (choice().chosen !== words[i]) choose({ chosen: words[i] }); });
    arrow.addEventListener("keydown", (event) => {
      const key = /** @type {KeyboardEvent} */ (event);
      if (belongsOutside(key)) return;
      const turn = { PageDown: i + 1, PageUp: i - 1, Home: 0, End: words.length - 1 }[key.key];
      if (turn !== undefined) handles[(turn + words.length) % words.length].root.focus();
      else if (!step(words[i], key.key, key.shiftKey)) return;
      key.preventDefault();
    });
  });
  /** @param {PointerEvent} event */
  const pixel = (event) => {
    const box = svg.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  svg.addEventListener("pointerdown", (raw) => {
    const event = /** @type {PointerEvent} */ (raw);
    if (event.button) return;
    const [x, y] = pixel(event);
    const tips = placesNow(start, words, choice()).map(toPixel);
    const away = tips.map(([tx, ty]) => Math.hypot(tx - x, ty - y));
    const i = away.indexOf(Math.min(...away));
    if (away[i] > NEAR) return;
    event.preventDefault();
    drag = { word: words[i], off: [tips[i][0] - x, tips[i][1] - y], frame: view };
    handles[i].root.focus({ preventScroll: true });
    if (choice().chosen !== words[i]) choose({ chosen: words[i] });
    svg.setPointerCapture?.(event.pointerId);
  });
  svg.addEventListener("pointermove", (raw) => {
    if (!drag) return;
    const [x, y] = pixel(/** @type {PointerEvent} */ (raw));
    const place = snapped(inside(drag.frame, toPlace([x + drag.off[0], y + drag.off[1]]), 1));
    const now = placesNow(start, words, choice())[words.indexOf(drag.word)];
    if (place[0] !== now[0] || place[1] !== now[1]) move(drag.word, place);
  });
  const drop = () => {
    if (!drag) return;
    drag = null;
    draw();
  };
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);
  draw();
  return mount(el, root, follow(model, ["selection"], draw));
}

export default { render };
