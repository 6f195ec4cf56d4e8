import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fire, modelOf, newPage, part } from "./page.mjs";

const plane = await part("maths.js", "plane_maths.js", "plane_picture.js", "plane.js");
const { compare, describe, framed, gridStep, inside, movedBy, nearness, placed, placesNow, ranked, snapped } = plane;
const CASES = JSON.parse(readFileSync(new URL("plane.json", import.meta.url), "utf-8"));

function close(got, wanted, what) {
  assert.equal(got.length, wanted.length, what);
  got.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= 1e-5 * Math.max(1, Math.abs(wanted[i])), `${what} ${i}: ${value}, NumPy ${wanted[i]}`));
}

test("places, dot products, cosines, angles, both orders and the sentence are NumPy's", () => {
  assert.ok(CASES.length > 15);
  for (const wanted of CASES) {
    const { start, words, selection } = wanted;
    const all = nearness(start, words, selection);
    close(placesNow(start, words, selection).flat(), wanted.places.flat(), "place");
    close(all.map((near) => near.dot), wanted.dots, "dot");
    close(all.map((near) => near.cosine), wanted.cosines, "cosine");
    close(all.map((near) => (Number.isNaN(near.angle) ? -1 : near.angle)), wanted.angles, "angle");
    for (const by of ["dot", "cosine"]) {
      assert.deepEqual(ranked(all.map((near) => near[by])).map((i) => all[i].word), wanted[`by_${by}`], `by ${by}`);
    }
    assert.equal(describe(start, words, selection, wanted.total), wanted.sentence);
  }
});

test("a long arrow scores higher by dot product, and its cosine stays", () => {
  const [short, long] = [compare([0.3, 0.9], [0.2, 0.9]), compare([0.6, 1.8], [0.2, 0.9])];
  assert.ok(Math.abs(long.dot - 2 * short.dot) < 1e-12 && Math.abs(long.cosine - short.cosine) < 1e-12);
});

test("the origin has the cosine 0 and no angle; opposite arrows have -1 and 180 degrees", () => {
  assert.equal(compare([0, 0], [1, 2]).cosine, 0);
  assert.ok(Number.isNaN(compare([0, 0], [1, 2]).angle));
  assert.deepEqual(compare([1, 2], [-2, -4]).angle, 180);
  assert.ok(Math.abs(compare([1, 2], [-2, -4]).cosine + 1) < 1e-12);
});

test("arrow keys move by a tenth, with Shift by a hundredth, and never leave the grid of hundredths", () => {
  assert.deepEqual(movedBy("ArrowRight", [0.3, 0.9], false), [0.4, 0.9]);
  assert.deepEqual(movedBy("ArrowDown", [0.3, 0.9], true), [0.3, 0.89]);
  let at = [0.3, 0.9];
  for (let k = 0; k < 100; k++) at = movedBy("ArrowLeft", at, true);
  assert.deepEqual(at, [-0.7, 0.9]);
  assert.deepEqual(movedBy("ArrowUp", [0, -0.1], false), [0, 0]);
  assert.ok(!Object.is(snapped([0, -0.001])[1], -0));
});

test("plus and minus make the arrow twice and half as long in the same direction", () => {
  assert.deepEqual(movedBy("+", [0.3, 0.9], false), [0.6, 1.8]);
  assert.deepEqual(movedBy("-", [0.3, 0.9], false), [0.15, 0.45]);
  for (const key of ["Tab", "b", "x", "Enter", "toString", "d"]) assert.equal(movedBy(key, [1, 1], false), null, key);
});

test("the frame doubles about the origin, at most to four times its width", () => {
  const frame = [-0.3, -0.3, 1.5];
  assert.deepEqual(framed(frame, [[0.2, 0.9]]), frame);
  assert.deepEqual(framed(frame, [[0.6, 1.8]]), [-0.6, -0.6, 3]);
  assert.deepEqual(framed(frame, [[99, 0]]), [-1.2, -1.2, 6]);
  assert.deepEqual(inside(frame, [99, -99]), [4.8, -1.2]);
  assert.deepEqual(inside(frame, [99, -99], 1), [1.2, -0.3]);
});

test("a grid has round steps and neither three lines nor thirty", () => {
  for (const width of [0.001, 0.5, 1.53, 6.1, 60, 1234]) {
    const count = width / gridStep(width);
    assert.ok(count > 3 && count <= 8, `${width}: ${count}`);
    assert.match(gridStep(width).toExponential(0), /^[125]e/);
  }
});

test("labels of two close words do not cover each other and stay in the picture", () => {
  const middles = placed([[165, 107], [192, 107], [436, 20]], [38, 38, 60], [107, 364], 440);
  assert.ok(Math.abs(middles[0][0] - middles[1][0]) >= 38 || Math.abs(middles[0][1] - middles[1][1]) >= 20);
  assert.ok(middles[2][0] + 30 <= 440 && middles[2][1] >= 10);
});

// ---- on a page

const WORDS = ["cat", "dog", "happy", "pizza"];
const ROWS = [[0.2, 0.9, 0.3], [0.3, 0.9, 0.5], [0.9, 0.1, 0.1], [0.5, 0, 0.8]];

function shown(changes = {}) {
  const page = newPage();
  const selection = { chosen: "dog", reference: "cat", moved: {}, ...changes };
  const model = modelOf({ words: WORDS, total: 4, label: "hand-built", frame: [-0.315, -0.315, 1.53], selection,
    table: { shape: [4, 3], data: new DataView(Float32Array.from(ROWS.flat()).buffer) } });
  const el = page.element();
  page.cell.append(el);
  const cleanup = plane.default.render({ model, el });
  const arrows = () => el.all.filter((item) => item.getAttribute("role") === "slider");
  const word = (name) => arrows().find((arrow) => arrow.getAttribute("aria-label") === name);
  return { page, model, el, cleanup, word, arrows };
}

const sentence = (el) => el.all.find((item) => item.getAttribute("role") === "status").textContent;

test("one word is a stop of the Tab key, and its name and place are said", () => {
  const { arrows, word } = shown();
  assert.deepEqual(arrows().filter((arrow) => arrow.getAttribute("tabindex") === "0").map((arrow) => arrow.getAttribute("aria-label")), ["dog"]);
  assert.equal(word("dog").getAttribute("aria-valuetext"), ".30, .90");
});

test("an arrow key moves the word, tells Python, and is not JupyterLab's", () => {
  const { el, model, word } = shown();
  const event = fire(word("dog"), "keydown", { key: "ArrowRight" });
  assert.ok(event.prevented && event.stopped);
  assert.deepEqual(model.sent.map((sent) => sent.selection.moved), [{ dog: [0.4, 0.9] }]);
  assert.match(sentence(el), /^dog \(\.40, \.90\) and cat/);
  fire(word("dog"), "keydown", { key: "ArrowUp", shiftKey: true });
  assert.deepEqual(model.get("selection").moved, { dog: [0.4, 0.91] });
});

test("letters stay in the figure; Shift+Enter and chords are JupyterLab's", () => {
  const { page, model, word } = shown();
  const outside = [];
  page.cell.addEventListener("keydown", (event) => outside.push(event.key));
  for (const key of ["b", "x", "d", "m", "Enter", "ArrowUp"]) fire(word("dog"), "keydown", { key });
  assert.deepEqual(outside, []);
  fire(word("dog"), "keydown", { key: "Enter", shiftKey: true });
  fire(word("dog"), "keydown", { key: "ArrowLeft", altKey: true });
  assert.deepEqual(outside, ["Enter", "ArrowLeft"]);
  assert.deepEqual(model.get("selection").moved, { dog: [0.3, 1] });
});

test("put back takes every word home, and the words are as they were at first", () => {
  const { el, model, word } = shown();
  fire(word("dog"), "keydown", { key: "ArrowRight" });
  const back = el.querySelectorAll("button").find((button) => button.textContent === "put back");
  fire(back, "click");
  assert.deepEqual(model.get("selection"), { chosen: "dog", reference: "cat", moved: {} });
  assert.equal(word("dog").getAttribute("aria-valuetext"), ".30, .90");
});

test("a figure that is drawn again after a move goes back to where the table has its words", () => {
  const { el, model } = shown({ moved: { dog: [0.9, -0.2] } });
  assert.match(sentence(el), /dot product \.00/);
  fire(el.querySelectorAll("button").find((button) => button.textContent === "put back"), "click");
  assert.deepEqual(model.get("selection").moved, {});
});

test("every pixel of a drag is a place, and nothing moves after the drop", () => {
  const { el, model } = shown();
  const svg = el.find("svg");
  svg.getBoundingClientRect = () => ({ left: 0, top: 0, width: 440, height: 440 });
  const at = ([x, y]) => ({ button: 0, pointerId: 1, clientX: ((x + 0.315) / 1.53) * 440, clientY: 440 - ((y + 0.315) / 1.53) * 440 });
  fire(svg, "pointerdown", at([0.31, 0.9]));
  for (const x of [0.4, 0.5, 0.6]) fire(svg, "pointermove", at([x + 0.01, 0.7]));
  assert.deepEqual(model.sent.filter((sent) => sent.selection.moved.dog).map((sent) => sent.selection.moved.dog), [[0.4, 0.7], [0.5, 0.7], [0.6, 0.7]]);
  fire(svg, "pointerup", at([0.6, 0.7]));
  fire(svg, "pointermove", at([0.1, 0.1]));
  assert.deepEqual(model.get("selection").moved, { dog: [0.6, 0.7] });
});

test("two views of one plane stay in step, a cleanup leaves no listener, two planes do not meet", () => {
  const first = shown();
  const el = first.page.element();
  const second = plane.default.render({ model: first.model, el });
  fire(first.word("dog"), "keydown", { key: "ArrowRight" });
  assert.equal(sentence(el), sentence(first.el));
  first.cleanup();
  first.model.receive({ selection: { chosen: "cat", reference: "dog", moved: {} } });
  assert.match(sentence(el), /^cat/);
  second();
  assert.equal(first.model.listening, 0);
});

test("the lists show the word itself, and the links say where they disagree", () => {
  const { el } = shown({ chosen: "cat", reference: "dog" });
  const [dots, cosines] = el.querySelectorAll("ol").map((list) => list.querySelectorAll("li").map((item) => item.textContent));
  assert.deepEqual(dots.slice(0, 2), ["dog.87", "itself.85"]);
  assert.deepEqual(cosines.slice(0, 2), ["itself1.00", "dog.99"]);
  const links = el.querySelectorAll("svg")[1].querySelectorAll("line").map((line) => line.getAttribute("class"));
  assert.deepEqual(links, ["course-differ", "course-differ", "course-agree", "course-agree"]);
});

test("an arrow ends at its word, the shadow below its tip, and up is up", () => {
  const { el, word } = shown({ chosen: "dog", reference: "happy" });
  const ring = word("dog").find("circle");
  const pixel = ([x, y]) => [((x + 0.315) / 1.53) * 440, 440 - ((y + 0.315) / 1.53) * 440];
  close(["cx", "cy"].map((name) => Number(ring.getAttribute(name))).map((at) => at / 1e4), pixel([0.3, 0.9]).map((at) => at / 1e4), "tip");
  const along = (0.3 * 0.9 + 0.9 * 0.1) / (0.9 ** 2 + 0.1 ** 2);
  const shadow = el.all.find((item) => item.getAttribute("class") === "course-shadow");
  close(["x2", "y2"].map((name) => shadow.getAttribute(name) / 1e4), pixel([0.9 * along, 0.1 * along]).map((at) => at / 1e4), "foot");
});
