// @ts-check
// A guess, then the truth beside it. The truth comes from Python after the guess, so nobody can peek.

/** A number as people type it: 0.22, .22, 0,22, 1,024, −3, 22 %, or NaN.
 * @param {string} text
 * @returns {number} */
export function readNumber(text) {
  const typed = text.trim().replace(/−/g, "-");
  const percent = /\s*%$/.test(typed);
  let digits = typed.replace(/\s*%$/, "").replace(/\s/g, "");
  if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(digits)) digits = digits.replace(/,/g, "");
  else if (!digits.includes(".")) digits = digits.replace(",", ".");
  const value = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits) ? Number(digits) : NaN;
  return percent ? value / 100 : value;
}

/** Where a label may stand so that it does not leave the strip.
 * @param {number} place between 0 and 1 @returns {string} */
export function anchorAt(place) {
  return place < 0.15 ? "start" : place > 0.85 ? "end" : "middle";
}

const WIDTH = 560;
const MARGIN = 16;

/** @param {string} tag @param {Record<string, any>} attributes @param {(Node | string)[]} children */
function draw(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Guess above the line, truth below it: two shapes and two words, not two colours.
 * @param {{guess: number, truth: number, zero: number, guess_text: string, truth_text: string}} strip */
function line(strip) {
  const x = (/** @type {number} */ place) => MARGIN + place * (WIDTH - 2 * MARGIN);
  const text = (/** @type {number} */ place, /** @type {number} */ y, /** @type {string} */ words) =>
    draw("text", { x: x(place), y, "text-anchor": anchorAt(place) }, words);
  const [guess, truth] = [x(strip.guess), x(strip.truth)];
  return draw("svg", { viewBox: `0 0 ${WIDTH} 104`, width: WIDTH, class: "course-strip", "aria-hidden": "true" },
    draw("line", { x1: MARGIN, x2: WIDTH - MARGIN, y1: 52, y2: 52, class: "course-axis" }),
    draw("line", { x1: x(strip.zero), x2: x(strip.zero), y1: 44, y2: 60, class: "course-axis" }),
    draw("path", { d: `M${guess} 48l-9 -14h18z`, class: "course-guess" }),
    draw("circle", { cx: truth, cy: 66, r: 8, class: "course-truth" }),
    text(strip.guess, 24, `your guess ${strip.guess_text}`),
    text(strip.truth, 96, `truth ${strip.truth_text}`),
    ...(Math.abs(strip.truth - strip.zero) > 0.2 ? [text(strip.zero, 80, "0")] : []));
}

/** The choices again, with the two that count marked by a sign and a word.
 * @param {string[]} choices @param {{guess: number, truth: number}} strip */
function marked(choices, strip) {
  return make("ul", { class: "course-marked", "aria-hidden": "true" }, ...choices.map((choice, index) => {
    const marks = [];
    if (index === strip.truth) marks.push(make("span", { class: "course-mark course-is-truth" }, "● truth"));
    if (index === strip.guess) marks.push(make("span", { class: "course-mark" }, "▽ your guess"));
    return make("li", { class: marks.length ? "" : "course-faded" }, make("span", { class: "course-word" }, choice), ...marks);
  }));
}

/** The bars, the radio group or the number field. @param {Model} model @param {(guess: any) => void} commit */
function form(model, commit) {
  const choices = /** @type {string[]} */ (model.get("choices"));
  const button = /** @type {HTMLButtonElement} */ (make("button", { type: "submit", class: "course-commit" }, "Commit my guess"));
  const complaint = make("p", { class: "course-complaint", role: "alert" });
  const body = make("div", { class: "course-options" });
  const root = /** @type {HTMLFormElement} */ (make("form", {},
    make("fieldset", {}, make("legend", {}, model.get("question")), body, button, complaint)));
  /** @type {() => any} */
  let read;
  if (model.get("shares")) {
    const bars = shareBars(choices);
    body.append(bars.root);
    read = bars.shares;
  } else if (choices.length) {
    const name = fresh("course-predict");
    const radios = choices.map((_, index) => /** @type {HTMLInputElement} */ (make("input", { type: "radio", name, value: index })));
    body.append(...radios.map((radio, index) => make("label", { class: "course-option" }, radio, make("span", {}, choices[index]))));
    read = () => choices[radios.findIndex((radio) => radio.checked)];
  } else {
    const field = /** @type {HTMLInputElement} */ (make("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "course-number" }));
    body.append(make("label", {}, make("span", {}, "a number: "), field));
    read = () => readNumber(field.value);
  }
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const guess = read();
    if (guess === undefined || Number.isNaN(guess)) {
      complaint.textContent = choices.length ? "Choose one first." : "Type a number first, such as 0.5 or 12.";
      return;
    }
    button.disabled = true;
    button.textContent = "Waiting for Python";
    commit(guess);
  });
  return root;
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const said = make("p", { class: "course-verdict", role: "status", tabindex: "-1" });
  const root = make("div", { class: "course-figure course-predict" });
  let mine = false; // the guess was made in this view, so the focus may move with it
  const sync = () => {
    const verdict = model.get("verdict");
    if (!verdict) {
      const room = model.get("room");
      root.replaceChildren((room ? roomForm : form)(model, (/** @type {any} */ answer) => {
        mine = true;
        model.set(room ? "hands" : "guess", answer);
        model.save_changes();
      }), said);
      return;
    }
    const choices = model.get("choices");
    const strip = model.get("strip");
    const focus = document.activeElement; // where the kernel was busy, the learner may be writing elsewhere by now
    const here = !focus || focus.contains(root) || root.contains(focus);
    const drawing = model.get("room") ? roomAndTruth(choices, strip)
      : model.get("shares") ? guessAndTruth(choices, strip) : choices.length ? marked(choices, strip) : line(strip);
    root.replaceChildren(make("p", { class: "course-asked" }, model.get("question")), said, drawing);
    said.textContent = verdict;
    if (mine && here) said.focus();
  };
  sync();
  return mount(el, root, follow(model, ["question", "choices", "shares", "room", "verdict"], sync));
}

export default { render };
