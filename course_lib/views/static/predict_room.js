// @ts-check
// A show of hands: the presenter types how many chose each answer, and the room stands beside the truth.

/** The hands as typed: an empty field is nobody. null where something typed is no whole number from 0 on.
 * @param {string[]} texts @returns {number[] | null} */
export function readHands(texts) {
  const hands = texts.map((text) => (text.trim() === "" ? 0 : /^\d{1,6}$/.test(text.trim()) ? Number(text) : NaN));
  return hands.some(Number.isNaN) ? null : hands;
}

/** The choices, each with a field for its hands. @param {Model} model @param {(hands: number[]) => void} commit */
function roomForm(model, commit) {
  const choices = /** @type {string[]} */ (model.get("choices"));
  const fields = choices.map((choice) => /** @type {HTMLInputElement} */ (make("input",
    { type: "text", inputmode: "numeric", autocomplete: "off", class: "course-number course-hands", "aria-label": `hands for ${choice}` })));
  const rows = choices.map((choice, index) => make("label", { class: "course-option course-asks" }, make("span", {}, choice), fields[index]));
  const complaint = make("p", { class: "course-complaint", role: "alert" });
  const button = /** @type {HTMLButtonElement} */ (make("button", { type: "submit", class: "course-commit" }, "Show the answer"));
  const root = make("form", {}, make("fieldset", {}, make("legend", {}, model.get("question")),
    make("p", { class: "course-bar-note" }, "Hands up for each answer; type how many."), make("div", { class: "course-options" }, ...rows), button, complaint));
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const hands = readHands(fields.map((field) => field.value));
    if (!hands) {
      complaint.textContent = "Type a whole number for each answer, such as 12, or leave it empty.";
      return;
    }
    button.disabled = true;
    button.textContent = "Waiting for Python";
    commit(hands);
  });
  return root;
}

/** The room, and the rooms before it, beside the truth: a filled bar, an outline, and a sign; each with its words.
 * @param {string[]} choices
 * @param {{truth: number, room?: number[], room_texts?: string[], before?: number[], before_texts?: string[]}} strip */
function roomAndTruth(choices, strip) {
  /** @param {string} kind @param {number[] | undefined} shares @param {string[] | undefined} texts @param {string} whose @param {number} at */
  const bar = (kind, shares, texts, whose, at) => (shares && texts ? [make("div", { class: `course-pair-bar course-${kind}-bar` },
    make("span", { class: "course-track" }, make("span", { class: "course-fill", style: `width: ${shares[at] * 100}%` })),
    make("span", { class: "course-pair-text" }, `${whose} ${texts[at]}`))] : []);
  return make("div", { class: "course-bars course-pairs", "aria-hidden": "true" }, ...choices.map((choice, at) =>
    make("div", { class: "course-bar" },
      make("span", { class: "course-bar-name" }, choice, ...(at === strip.truth ? [make("span", { class: "course-mark" }, " ● truth")] : [])),
      make("div", { class: "course-pair" }, ...bar("true", strip.room, strip.room_texts, "this room", at),
        ...bar("guessed", strip.before, strip.before_texts, "rooms before", at)))));
}
