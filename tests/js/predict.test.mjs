import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, modelOf, newPage, part } from "./page.mjs";

const { default: predict, anchorAt, readNumber } = await part("predict.js");
const WORDS = { question: "largest share", choices: ["same", "grows"], guess: null, verdict: "", strip: {} };
const NUMBER = { ...WORDS, choices: [] };

function shown(state) {
  const page = newPage();
  const model = modelOf(state);
  const el = page.element();
  return { page, model, el, cleanup: predict.render({ model, el }) };
}

test("numbers are read as people type them", () => {
  const typed = { "0.22": 0.22, ".22": 0.22, "0,22": 0.22, " 16 ": 16, "1,024": 1024, "1 024": 1024, "−3": -3, "-.5": -0.5,
    "22 %": 0.22, "1e3": 1000, "5.": 5, "1,234,567.5": 1234567.5 };
  for (const [text, value] of Object.entries(typed)) assert.equal(readNumber(text), value, text);
  for (const text of ["", "about 3", "1.2.3", "--1", "NaN", "Infinity", "%"]) assert.ok(Number.isNaN(readNumber(text)), text);
});

test("labels at the ends of the strip turn inwards", () => {
  assert.deepEqual([0, 0.5, 1].map(anchorAt), ["start", "middle", "end"]);
});

test("the question is a legend, the choices are radios, nothing of the answer is on the page", () => {
  const { el } = shown(WORDS);
  assert.equal(el.find("legend").textContent, "largest share");
  assert.equal(el.querySelectorAll("input").length, 2);
  assert.ok(!el.textContent.includes("truth"));
});

test("without a choice nothing is sent, and a sentence says what is missing", () => {
  const { el, model } = shown(WORDS);
  assert.ok(fire(el.find("form"), "submit").prevented);
  assert.deepEqual(model.sent, []);
  assert.match(el.textContent, /Choose one first/);
});

test("a choice is sent once, and the verdict takes the place of the form and the focus", () => {
  const { el, model } = shown(WORDS);
  el.querySelectorAll("input")[0].checked = true;
  fire(el.find("form"), "submit");
  assert.deepEqual(model.sent, [{ guess: "same" }]);
  assert.ok(el.find("button").disabled);
  model.receive({ strip: { guess: 0, truth: 1 }, verdict: "You guessed: same. The answer: grows." });
  assert.equal(el.find("form"), undefined);
  assert.match(el.textContent, /You guessed: same\. The answer: grows\./);
  assert.deepEqual(el.querySelectorAll("li").map((item) => item.textContent), ["same▽ your guess", "grows● truth"]);
  assert.match(document.activeElement.textContent, /You guessed/);
});

test("a verdict that comes late takes no focus away from what the learner went on with", () => {
  const { el, page, model } = shown(WORDS);
  el.querySelectorAll("input")[0].checked = true;
  fire(el.find("form"), "submit");
  const editor = page.element();
  editor.focus();
  model.receive({ strip: { guess: 0, truth: 1 }, verdict: "You guessed: same. The answer: grows." });
  assert.match(el.textContent, /You guessed/);
  assert.equal(document.activeElement, editor);
});

test("a guess from before is shown without taking the focus", () => {
  const { el } = shown({ ...WORDS, guess: "grows", verdict: "You guessed: grows, and so it is.", strip: { guess: 1, truth: 1 } });
  assert.match(el.textContent, /and so it is/);
  assert.equal(document.activeElement, null);
});

test("a number is typed, refused if it is none, and drawn beside the truth", () => {
  const { el, model } = shown(NUMBER);
  el.find("input").value = "a lot";
  fire(el.find("form"), "submit");
  assert.match(el.textContent, /Type a number first/);
  el.find("input").value = "20";
  fire(el.find("form"), "submit");
  assert.deepEqual(model.sent, [{ guess: 20 }]);
  model.receive({
    strip: { guess: 1, truth: 0.8, zero: 0, guess_text: "20", truth_text: "16" }, verdict: "You guessed 20. It is 16.",
  });
  assert.deepEqual(el.querySelectorAll("text").map((text) => text.textContent).slice(0, 2), ["your guess 20", "truth 16"]);
});

test("letters typed into the field stay there", () => {
  const { el, page } = shown(NUMBER);
  page.cell.append(el);
  let outside = 0;
  page.cell.addEventListener("keydown", () => { outside += 1; });
  for (const key of ["b", "x", "d", "ArrowUp"]) assert.ok(!fire(el.find("input"), "keydown", { key }).prevented);
  assert.equal(outside, 0);
});

test("two views of one card stay in step; a cleanup leaves no listener", () => {
  const { el, model, page, cleanup } = shown(WORDS);
  const other = page.element();
  const second = predict.render({ model, el: other });
  el.querySelectorAll("input")[1].checked = true;
  fire(el.find("form"), "submit");
  model.receive({ strip: { guess: 1, truth: 1 }, verdict: "You guessed: grows, and so it is." });
  assert.match(other.textContent, /and so it is/);
  cleanup();
  second();
  assert.equal(model.listening, 0);
});
