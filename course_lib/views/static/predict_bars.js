// @ts-check
// Shares as bars that always sum to 1: what one takes, the others give, in proportion.

/** Whole hundredths that sum to 100, as near to the shares as whole numbers come (largest remainders first).
 * @param {number[]} shares that sum to 1 @param {number} [total]
 * @returns {number[]} */
export function wholes(shares, total = 100) {
  const exact = shares.map((share) => share * total);
  const parts = exact.map((value) => Math.floor(value + 1e-9));
  const order = exact.map((value, i) => [value - parts[i], i]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  let left = total - parts.reduce((sum, part) => sum + part, 0);
  for (const [, i] of order) if (left-- > 0) parts[i] += 1;
  return parts;
}

/** The parts after one of them is set to `value`: the others keep their proportions, as they stood in `before`.
 * @param {number[]} before hundredths that sum to 100 @param {number} moved @param {number} value
 * @returns {number[]} */
export function giveWay(before, moved, value) {
  const own = Math.min(100, Math.max(0, Math.round(value)));
  const rest = before.reduce((sum, part, i) => sum + (i === moved ? 0 : part), 0);
  const others = before.map((part, i) => (i === moved ? 0 : rest ? part / rest : 1 / (before.length - 1)));
  const shared = wholes(others.filter((_, i) => i !== moved), 100 - own);
  shared.splice(moved, 0, own);
  return shared;
}

/** A share as the course writes it. @param {number} share @param {number} [digits] @returns {string} */
export function shareText(share, digits = 2) {
  const text = share.toFixed(digits);
  return text.startsWith("0.") ? text.slice(1) : text;
}

/** Where a key moves a bar, or null for a key that it does not use.
 * @param {string} key @param {number} value @param {boolean} fine
 * @returns {number | null} */
export function stepShare(key, value, fine) {
  const step = fine ? 1 : 5;
  /** @type {Record<string, number>} */
  const goal = {
    ArrowRight: value + step, ArrowUp: value + step, ArrowLeft: value - step, ArrowDown: value - step,
    PageUp: value + 20, PageDown: value - 20, Home: 0, End: 100,
  };
  return Object.hasOwn(goal, key) ? Math.min(100, Math.max(0, goal[key])) : null;
}

/** One slider a choice. `shares()` reads them all. @param {string[]} choices */
function shareBars(choices) {
  let parts = wholes(choices.map(() => 1 / choices.length));
  let before = parts; // as the others stood when this bar was taken: to 1 and back, and nobody lost a share
  let holder = -1;
  const rows = choices.map((choice, index) => {
    const name = make("span", { class: "course-bar-name", "aria-hidden": "true" }, choice);
    const input = /** @type {HTMLInputElement} */ (make("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": choice }));
    const now = make("output", { class: "course-bar-now", "aria-hidden": "true" });
    /** @param {number} value */
    const move = (value) => {
      if (holder !== index) [holder, before] = [index, parts];
      parts = giveWay(before, index, value);
      draw();
    };
    const release = () => { holder = -1; };
    input.addEventListener("input", () => move(Number(input.value)));
    input.addEventListener("change", release);
    input.addEventListener("blur", release);
    input.addEventListener("keydown", (event) => {
      const goal = belongsOutside(event) ? null : stepShare(event.key, parts[index], event.shiftKey);
      if (goal === null) return;
      event.preventDefault();
      move(goal);
    });
    return { root: make("div", { class: "course-bar" }, name, input, now), input, now };
  });
  const draw = () => rows.forEach(({ input, now }, index) => {
    const text = shareText(parts[index] / 100);
    if (Number(input.value) !== parts[index] || input.value === "") input.value = String(parts[index]);
    input.setAttribute("aria-valuetext", `${text} of 1`);
    input.setAttribute("style", `--share: ${parts[index] / 100}`);
    now.textContent = text;
  });
  draw();
  const note = make("p", { class: "course-bar-note" }, "Together they are 1: what one takes, the others give. Arrow keys move by .05, with Shift by .01.");
  const root = make("div", { class: "course-bars" }, ...rows.map((row) => row.root), note);
  return { root, shares: () => parts.map((part) => part / 100) };
}

/** Guess over truth, a pair of bars for each choice: an outline and a filled one, and a word for each.
 * @param {string[]} choices @param {{guess: number[], truth: number[], guess_texts: string[], truth_texts: string[]}} strip */
function guessAndTruth(choices, strip) {
  /** @param {string} kind @param {number} share @param {string} text */
  const bar = (kind, share, text) => make("div", { class: `course-pair-bar course-${kind}-bar` },
    make("span", { class: "course-track" }, make("span", { class: "course-fill", style: `width: ${share * 100}%` })),
    make("span", { class: "course-pair-text" }, text));
  return make("div", { class: "course-bars course-pairs", "aria-hidden": "true" }, ...choices.map((choice, i) =>
    make("div", { class: "course-bar" }, make("span", { class: "course-bar-name" }, choice),
      make("div", { class: "course-pair" }, bar("guessed", strip.guess[i], `your guess ${strip.guess_texts[i]}`),
        bar("true", strip.truth[i], `truth ${strip.truth_texts[i]}`)))));
}
