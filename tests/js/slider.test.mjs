import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, modelOf, newPage, part } from "./page.mjs";

const { default: slider, stepIndex, textAt } = await part("slider.js");
const { default: choice } = await part("choice.js");
const POWERS = { label: "dₖ", options: [1, 2, 4, 8], texts: [], value: 4 };

function shown(widget, state) {
  const page = newPage();
  const model = modelOf(state);
  const el = page.element();
  page.cell.append(el);
  return { page, model, el, cleanup: widget.render({ model, el }) };
}

test("keys move the index and stay inside", () => {
  const moves = { ArrowRight: 6, ArrowUp: 6, ArrowLeft: 4, ArrowDown: 4, Home: 0, End: 39, PageUp: 9, PageDown: 1 };
  for (const [key, goal] of Object.entries(moves)) assert.equal(stepIndex(key, 5, 40), goal, key);
  assert.equal(stepIndex("ArrowLeft", 0, 40), 0);
  assert.equal(stepIndex("PageUp", 38, 40), 39);
  assert.equal(stepIndex("PageUp", 0, 3), 1);
  for (const key of ["Tab", "b", "x", "Enter", "toString"]) assert.equal(stepIndex(key, 5, 40), null, key);
});

test("texts stand for options where there are any", () => {
  assert.equal(textAt([1, 2], ["one", "two"], 1), "two");
  assert.equal(textAt([1, 2], [], 1), "2");
});

test("the slider has a name and says its value in words", () => {
  const { el } = shown(slider, { ...POWERS, texts: ["one", "two", "four", "eight"] });
  const input = el.find("input");
  assert.equal(el.find("label").getAttribute("for"), input.getAttribute("id"));
  assert.equal(el.find("label").textContent, "dₖ");
  assert.equal(input.getAttribute("aria-valuetext"), "four");
  assert.deepEqual([input.value, input.max, el.find("output").textContent], ["2", "3", "four"]);
});

test("an arrow key sends the option and is not JupyterLab's", () => {
  const { el, model } = shown(slider, POWERS);
  const event = fire(el.find("input"), "keydown", { key: "ArrowRight" });
  assert.deepEqual(model.sent, [{ value: 8 }]);
  assert.ok(event.prevented && event.stopped);
  assert.equal(el.find("input").getAttribute("aria-valuetext"), "8");
});

test("at its end a slider sends nothing, and still keeps the key", () => {
  const { el, model } = shown(slider, { ...POWERS, value: 8 });
  const event = fire(el.find("input"), "keydown", { key: "End" });
  assert.deepEqual(model.sent, []);
  assert.ok(event.prevented && event.stopped);
});

test("dragging sends each option it passes", () => {
  const { el, model } = shown(slider, POWERS);
  for (const value of ["1", "0"]) {
    el.find("input").value = value;
    fire(el.find("input"), "input");
  }
  assert.deepEqual(model.sent, [{ value: 2 }, { value: 1 }]);
});

test("JupyterLab's one-key commands stay in the part; its chords and Tab do not", () => {
  const { el, page } = shown(slider, POWERS);
  let outside = [];
  page.cell.addEventListener("keydown", (event) => outside.push(event.key));
  for (const key of ["b", "x", "d", "m", "a", "ArrowUp", "Enter", "Home"]) fire(el.find("input"), "keydown", { key });
  assert.deepEqual(outside, []);
  fire(el.find("input"), "keydown", { key: "s", ctrlKey: true });
  fire(el.find("input"), "keydown", { key: "Enter", shiftKey: true });
  fire(el.find("input"), "keydown", { key: "ArrowLeft", metaKey: true });
  fire(el.find("input"), "keydown", { key: "f", altKey: true });
  assert.deepEqual(outside, ["s", "Enter", "ArrowLeft", "f"]);
  assert.equal(fire(el.find("input"), "keydown", { key: "Tab" }).prevented, false);
});

test("Escape goes back to the cell", () => {
  const { el, page } = shown(slider, POWERS);
  fire(el.find("input"), "keydown", { key: "Escape" });
  assert.equal(document.activeElement, page.cell);
});

test("two views of one model stay in step, and a cleanup leaves the other alive", () => {
  const first = shown(slider, POWERS);
  const el = first.page.element();
  slider.render({ model: first.model, el });
  fire(first.el.find("input"), "keydown", { key: "Home" });
  assert.equal(el.find("output").textContent, "1");
  assert.notEqual(el.find("input").getAttribute("id"), first.el.find("input").getAttribute("id"));
  first.cleanup();
  first.model.receive({ value: 8 });
  assert.equal(el.find("output").textContent, "8");
});

test("rendering twice leaves one slider, and a cleanup leaves no listener", () => {
  const { el, model, cleanup } = shown(slider, POWERS);
  const again = slider.render({ model, el });
  assert.equal(el.querySelectorAll("input").length, 1);
  cleanup();
  again();
  assert.equal(model.listening, 0);
});

test("a choice is a radio group with a legend that sends the option", () => {
  const { el, model } = shown(choice, { label: "divided by", options: ["none", "sqrt"], texts: ["none", "√dₖ"], value: "sqrt" });
  assert.equal(el.find("legend").textContent, "divided by");
  const radios = el.querySelectorAll("input");
  assert.deepEqual(radios.map((radio) => radio.checked), [false, true]);
  assert.deepEqual(el.querySelectorAll("label").map((label) => label.textContent), ["none", "√dₖ"]);
  fire(radios[0], "change");
  assert.deepEqual(model.sent, [{ value: "none" }]);
  assert.deepEqual(radios.map((radio) => radio.checked), [true, false]);
  assert.ok(fire(radios[0], "keydown", { key: "ArrowDown" }).stopped);
});
