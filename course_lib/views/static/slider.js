// @ts-check
// A slider over a short list of options. It sends the option; ipywidgets keeps one message under way and the latest
// value behind it, so a fast drag can not pile up work in the kernel.

/** Where a key moves the slider, or null for a key that it does not use.
 * @param {string} key @param {number} index @param {number} count
 * @returns {number | null} */
export function stepIndex(key, index, count) {
  const page = Math.max(1, Math.round(count / 10));
  /** @type {Record<string, number>} */
  const goal = {
    ArrowRight: index + 1, ArrowUp: index + 1, ArrowLeft: index - 1, ArrowDown: index - 1,
    PageUp: index + page, PageDown: index - page, Home: 0, End: count - 1,
  };
  return Object.hasOwn(goal, key) ? Math.min(count - 1, Math.max(0, goal[key])) : null;
}

/** What the slider shows at an option.
 * @param {any[]} options @param {string[]} texts @param {number} index */
export function textAt(options, texts, index) {
  return texts.length ? texts[index] : String(options[index]);
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const id = fresh("course-slider");
  const name = make("label", { for: id, class: "course-name" });
  const input = /** @type {HTMLInputElement} */ (make("input", { type: "range", id, min: 0, step: 1 }));
  const first = make("span", { class: "course-end", "aria-hidden": "true" });
  const last = make("span", { class: "course-end", "aria-hidden": "true" });
  // The value stands in aria-valuetext too: hidden here, or it would be read twice.
  const now = make("output", { for: id, class: "course-now", "aria-hidden": "true" });
  const root = make("div", { class: "course-figure course-slider" }, name, now, first, input, last);

  /** @param {number} index */
  const show = (index) => {
    const text = textAt(model.get("options"), model.get("texts"), index);
    // Under a drag the browser keeps its own thumb: writing to it, or to max, moves the thumb under the hand.
    if (Number(input.value) !== index) input.value = String(index);
    input.setAttribute("aria-valuetext", text);
    now.textContent = text;
  };
  /** @param {number} index */
  const send = (index) => {
    show(index);
    model.set("value", model.get("options")[index]);
    model.save_changes();
  };
  const sync = () => {
    const options = model.get("options");
    const texts = model.get("texts");
    name.textContent = model.get("label");
    input.max = String(options.length - 1);
    first.textContent = textAt(options, texts, 0);
    last.textContent = textAt(options, texts, options.length - 1);
    // The widest text sets the width, so that nothing moves while the value does.
    const widest = Math.max(...options.map((/** @type {any} */ _, /** @type {number} */ i) => textAt(options, texts, i).length));
    now.style.minWidth = `calc(${widest}ch + 1.5em)`; // the "= " in front of it needs room, too
    show(options.indexOf(model.get("value")));
  };
  input.addEventListener("input", () => send(Number(input.value)));
  input.addEventListener("keydown", (event) => {
    const goal = belongsOutside(event) ? null : stepIndex(event.key, Number(input.value), model.get("options").length);
    if (goal === null) return;
    event.preventDefault(); // the browser's own step differs from one browser to the next
    if (goal !== Number(input.value)) send(goal);
  });
  const follower = () => show(model.get("options").indexOf(model.get("value")));
  sync();
  return mount(el, root, follow(model, ["label", "options", "texts"], sync), follow(model, ["value"], follower));
}

export default { render };
