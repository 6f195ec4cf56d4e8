import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, modelOf, newPage, part } from "./page.mjs";

const { default: predict, readHands } = await part("predict_bars.js", "predict_room.js", "predict.js");
const ROOM = { question: "largest share", choices: ["same", "shrinks", "grows"], room: true, hands: null, verdict: "", strip: {} };

function shown(state = ROOM) {
  const page = newPage();
  const model = modelOf(state);
  const el = page.element();
  page.cell.append(el);
  return { page, model, el, cleanup: predict.render({ model, el }), inputs: () => el.querySelectorAll("input") };
}

test("hands are whole numbers; an empty field is nobody", () => {
  assert.deepEqual(readHands(["3", " 12 ", ""]), [3, 12, 0]);
  for (const wrong of ["-1", "3.5", "many", "1e3"]) assert.equal(readHands(["3", wrong]), null, wrong);
});

test("each answer has a field of its own, named for a screen reader, and nothing tells the truth", () => {
  const { el, inputs } = shown();
  assert.deepEqual(inputs().map((field) => field.getAttribute("aria-label")), ["hands for same", "hands for shrinks", "hands for grows"]);
  assert.ok(!el.textContent.includes("truth"));
});

test("what is no number of hands is refused in a sentence, and nothing is sent", () => {
  const { el, model, inputs } = shown();
  inputs()[1].value = "a few";
  assert.ok(fire(el.find("form"), "submit").prevented);
  assert.deepEqual(model.sent, []);
  assert.match(el.textContent, /Type a whole number for each answer/);
});

test("the hands are sent once, then room and truth stand beside each other, and the rooms before", () => {
  const { el, model, inputs } = shown();
  ["3", "12", "9"].forEach((text, at) => { inputs()[at].value = text; });
  fire(el.find("form"), "submit");
  assert.deepEqual(model.sent, [{ hands: [3, 12, 9] }]);
  assert.ok(el.find("button").disabled);
  model.receive({ verdict: "The answer: grows.", strip: { truth: 2, room: [0.125, 0.5, 0.375], room_texts: ["3 of 24", "12 of 24", "9 of 24"],
    before: [0, 0.25, 0.75], before_texts: ["0 of 8", "2 of 8", "6 of 8"] } });
  assert.equal(el.find("form"), undefined);
  const fills = el.all.filter((item) => item.getAttribute("class") === "course-fill").map((item) => item.getAttribute("style"));
  assert.deepEqual(fills.slice(0, 3), ["width: 12.5%", "width: 0%", "width: 50%"]);
  assert.match(el.textContent, /grows ● truththis room 9 of 24rooms before 6 of 8/);
  assert.match(document.activeElement.textContent, /The answer: grows/);
});

test("a room that raised no hands still sees the truth", () => {
  const { el, model } = shown();
  fire(el.find("form"), "submit");
  assert.deepEqual(model.sent, [{ hands: [0, 0, 0] }]);
  model.receive({ verdict: "The answer: grows.", strip: { truth: 2 } });
  assert.match(el.textContent, /grows ● truth/);
  assert.ok(!el.textContent.includes("this room"));
});

test("a cleanup leaves no listener", () => {
  const { model, cleanup } = shown();
  cleanup();
  assert.equal(model.listening, 0);
});
