import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, modelOf, newPage, part } from "./page.mjs";

const { default: predict, giveWay, shareText, stepShare, wholes } = await part("predict_bars.js", "predict.js");
const BARS = { question: "the weights", choices: ["2", "1", ".5"], shares: true, guess: null, verdict: "", strip: {} };
const sum = (parts) => parts.reduce((total, part) => total + part, 0);

function shown(state = BARS) {
  const page = newPage();
  const model = modelOf(state);
  const el = page.element();
  page.cell.append(el);
  return { page, model, el, inputs: el.querySelectorAll.bind(el, "input"), cleanup: predict.render({ model, el }) };
}
const values = (inputs) => inputs().map((input) => Number(input.value));

test("hundredths sum to the whole and stay as near to the shares as they can", () => {
  assert.deepEqual(wholes([1 / 3, 1 / 3, 1 / 3]), [34, 33, 33]);
  assert.deepEqual(wholes([0.629, 0.231, 0.14]), [63, 23, 14]);
  assert.deepEqual(wholes([0.7, 0.2, 0.1], 10), [7, 2, 1]);
});

test("whatever moves, the parts sum to 100, none is below 0, and the moved one is where it was put", () => {
  let parts = [34, 33, 33, 0, 0];
  let seed = 7;
  for (let k = 0; k < 2000; k++) {
    seed = (seed * 16807) % 2147483647;
    const [moved, value] = [seed % 5, (seed >> 8) % 101];
    parts = giveWay(parts, moved, value);
    assert.equal(sum(parts), 100);
    assert.equal(parts[moved], value);
    assert.ok(parts.every((one) => one >= 0 && Number.isInteger(one)));
  }
});

test("the others keep their proportions, and share equally where they have nothing", () => {
  assert.deepEqual(giveWay([40, 40, 20], 0, 70), [70, 20, 10]);
  assert.deepEqual(giveWay([100, 0, 0], 0, 40), [40, 30, 30]);
  assert.deepEqual(giveWay([50, 50], 1, 120), [0, 100]);
});

test("texts and keys", () => {
  assert.deepEqual([0.05, 1, 0.6289].map((share) => shareText(share)), [".05", "1.00", ".63"]);
  const moves = { ArrowRight: 55, ArrowUp: 55, ArrowLeft: 45, ArrowDown: 45, Home: 0, End: 100, PageUp: 70, PageDown: 30 };
  for (const [key, goal] of Object.entries(moves)) assert.equal(stepShare(key, 50, false), goal, key);
  assert.equal(stepShare("ArrowRight", 50, true), 51);
  assert.equal(stepShare("ArrowLeft", 2, false), 0);
  for (const key of ["Tab", "b", "Enter", "toString"]) assert.equal(stepShare(key, 50, false), null, key);
});

test("each bar is a slider with its choice for a name; nothing of the answer is on the page", () => {
  const { el, inputs } = shown();
  assert.deepEqual(inputs().map((input) => [input.getAttribute("type"), input.getAttribute("aria-label")]),
    [["range", "2"], ["range", "1"], ["range", ".5"]]);
  assert.deepEqual(values(inputs), [34, 33, 33]);
  assert.equal(inputs()[0].getAttribute("aria-valuetext"), ".34 of 1");
  assert.ok(!el.textContent.includes("truth"));
});

test("a drag to 1 and back loses nobody's share", () => {
  const { inputs } = shown();
  fire(inputs()[1], "keydown", { key: "Home" });
  fire(inputs()[1], "blur");
  assert.deepEqual(values(inputs), [51, 0, 49]);
  for (const value of ["80", "100", "51"]) {
    inputs()[0].value = value;
    fire(inputs()[0], "input");
    assert.equal(sum(values(inputs)), 100);
  }
  assert.deepEqual(values(inputs), [51, 0, 49]);
});

test("by keyboard, too, the bars sum to 1, and the key is not JupyterLab's", () => {
  const { page, inputs } = shown();
  let outside = 0;
  page.cell.addEventListener("keydown", () => { outside += 1; });
  for (const key of ["ArrowUp", "ArrowRight", "PageUp", "b", "x", "ArrowDown"]) {
    const event = fire(inputs()[0], "keydown", { key });
    assert.equal(event.prevented, key.length > 1, key);
    assert.equal(sum(values(inputs)), 100);
  }
  assert.equal(outside, 0);
  assert.equal(fire(inputs()[0], "keydown", { key: "Enter", shiftKey: true }).prevented, false);
  assert.equal(outside, 1);
  assert.equal(values(inputs)[0], 34 + 5 + 5 + 20 - 5);
});

test("a guess is sent as shares, then guess and truth stand beside each other", () => {
  const { el, model, inputs } = shown();
  inputs()[0].value = "60";
  fire(inputs()[0], "input");
  fire(el.find("form"), "submit");
  assert.deepEqual(model.sent, [{ guess: [0.6, 0.2, 0.2] }]);
  model.receive({ verdict: "You guessed .60, .20, .20.", strip: { guess: [0.6, 0.2, 0.2], truth: [0.629, 0.231, 0.14],
    guess_texts: [".60", ".20", ".20"], truth_texts: [".629", ".231", ".140"] } });
  assert.equal(el.find("form"), undefined);
  const fills = el.all.filter((item) => item.getAttribute("class") === "course-fill").map((item) => item.getAttribute("style"));
  assert.deepEqual(fills.slice(0, 2), ["width: 60%", "width: 62.9%"]);
  assert.match(el.textContent, /your guess \.60truth \.629.*your guess \.20truth \.231/);
});

test("a cleanup leaves no listener", () => {
  const { model, cleanup } = shown();
  cleanup();
  assert.equal(model.listening, 0);
});
