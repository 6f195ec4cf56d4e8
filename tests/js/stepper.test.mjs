import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { part } from "./page.mjs";

const stepper = await part("maths.js", "stepper_walk.js", "stepper_table.js", "stepper.js");
const { LEVEL, TITLES, ahead, failures, fitted, isTermOf, madeOf, ofAnyQuery, readTyped, retyped, say, sentence, stepsOf, tableOf, walk, wholeWay } = stepper;
const CASES = JSON.parse(readFileSync(new URL("stepper.json", import.meta.url), "utf-8"), (_, value) => ({ nan: NaN, inf: Infinity, "-inf": -Infinity }[value] ?? value));
const BALL = CASES[0]; // the hand-built head of lesson 04

const allowedOf = (wanted) => (wanted.mask.length ? wanted.mask.map((row) => row.map(Boolean)) : null);
const givenOf = (wanted) => ({ ...wanted.given, allowed: allowedOf(wanted) });
const walked = (wanted, changes = {}) => walk(givenOf(wanted), { ...wanted.selection, ...changes });
const told = (step, changes = {}, wanted = BALL) => sentence(step, walked(wanted, changes), { ...wanted.selection, ...changes }, wanted.tokens, allowedOf(wanted));
const shownAt = (step, changes = {}, wanted = BALL) => tableOf(step, walked(wanted, changes), { ...wanted.selection, ...changes }, wanted.tokens, allowedOf(wanted));
const texts = (bands) => bands.at(-1).rows.map((row) => [row.name, ...row.cells.map((cell) => (cell ? cell.text ?? say(cell.x) : ""))]);

function close(got, wanted, what) {
  if (Array.isArray(wanted)) {
    assert.equal(got.length, wanted.length, what);
    wanted.forEach((value, i) => close(got[i], value, `${what} ${i}`));
  } else if (Number.isFinite(wanted)) {
    assert.ok(Math.abs(got - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted)), `${what}: ${got}, NumPy ${wanted}`);
  } else assert.ok(Object.is(got, wanted), `${what}: ${got}, NumPy ${wanted}`);
}

test("every number on the way is NumPy's", () => {
  assert.ok(CASES.length > 25);
  CASES.forEach((wanted, i) => {
    const w = walked(wanted);
    for (const [name, value] of Object.entries(wanted.numbers)) close(w[name], value, `case ${i}, ${name}`);
    assert.equal(wholeWay(w, wanted.selection, wanted.tokens), wanted.sentence);
  });
});

test("the table at each step holds the numbers of its step", () => {
  assert.deepEqual(texts(shownAt("sum")), [["the", "0", "0", "0"], ["red", "4", "0", "4"], ["ball", "0", "0", "0"], ["rolls", "0", "0", "0"]]);
  assert.deepEqual(texts(shownAt("scale"))[1], ["red", "4", "1.41", "2.83"]);
  assert.deepEqual(texts(shownAt("exp")).slice(1), [["red", "2.83", "0", "1"], ["ball", "0", "−2.83", ".06"], ["rolls", "0", "−2.83", ".06"], ["sum", "", "", "1.18"]]);
  assert.deepEqual(texts(shownAt("weights")).slice(3), [["rolls", ".06", "1.18", ".05"], ["sum", "", "", "1"]]);
  assert.deepEqual(texts(shownAt("values"))[1], ["red", ".85", "1", "0", "0", ".85", "0", "0"]);
  assert.deepEqual(texts(shownAt("output")).at(-1), ["output", "", ".85", "0", ".05"]);
  assert.deepEqual(texts(shownAt("products"))[0], ["ball: q", "4", "0", "", ""]);
  assert.deepEqual(texts(shownAt("project")).at(-2).slice(7), ["4", "0", "0", "1", "0", "0", "1"]);
});

test("in every table a number stands at the place where it is typed over", () => {
  for (const wanted of CASES) {
    const w = walked(wanted);
    for (const step of stepsOf(wanted.mask.length > 0)) {
      for (const cell of tableOf(step, w, wanted.selection, wanted.tokens, allowedOf(wanted)).flatMap((band) => band.rows.flatMap((row) => row.cells))) {
        if (!cell?.at) continue;
        const [name, row, column] = cell.at;
        const value = LEVEL[name] <= 2 ? w[name][row][column] : w[name][column];
        assert.ok(Object.is(cell.x, value), `${step}: ${cell.at}`);
      }
    }
  }
});

test("as many columns in each row as its heads span", () => {
  for (const wanted of CASES) {
    for (const step of stepsOf(wanted.mask.length > 0)) {
      for (const band of shownAt(step, {}, wanted)) {
        const wide = band.blocks.reduce((sum, block) => sum + block.names.length, 0);
        for (const row of band.rows) assert.equal(row.cells.length, wide, `${step} ${row.name}`);
      }
    }
  }
});

test("the mask has a step of its own only where there is a mask", () => {
  assert.equal(stepsOf(false).length, 9);
  assert.deepEqual(stepsOf(true).slice(4, 7), ["scale", "mask", "exp"]);
  for (const step of stepsOf(true)) assert.equal(TITLES[step].length, 3);
  const hidden = CASES.find((wanted) => wanted.mask.length && wanted.tokens[0] === "the");
  assert.deepEqual(texts(shownAt("mask", {}, hidden))[0], ["the", "0", "no", "−∞"]);
  assert.match(told("mask", {}, hidden), /^“ball” may not look at “the”, “red”, “ball”, “rolls”: their scores become −∞/);
});

test("each step has its sentence, with its numbers", () => {
  assert.equal(told("words"), "Each word comes as a row of 6 numbers. We follow one that asks, “ball”: x = [0 1 0 0 0 1].");
  assert.match(told("project"), /“ball” asks with q = \[4 0\].*“red” has k = \[1 0\] and v = \[1 0 0\]\./);
  assert.match(told("products"), /With “red”: 4 · 1 = 4, 0 · 0 = 0\./);
  assert.match(told("sum"), /“red”: 4 \+ 0 = 4, the highest of the 4 scores\./);
  assert.equal(told("scale"), "Every score is divided by √2 = 1.41: “red” goes from 4 to 2.83.");
  assert.equal(told("exp"), "First the maximum, 2.83, is taken away, so that the largest exponent is 0. Then e to each: “red” has 1, and all 4 add up to 1.18.");
  assert.match(told("weights"), /“red” gets \.85 of the attention of “ball”; the 4 weights add up to 1\./);
  assert.match(told("values"), /“red” hands over \.85 · \[1 0 0\] = \[\.85 0 0\]\./);
  assert.equal(told("output"), "The 4 parts add up, and “ball” takes home [.85 0 .05], .85 of it from “red”.");
  assert.match(told("scale", { d_k: 64, temperature: 4 }), /√64 · the temperature 4 = 32.*q and k have 2 features; you chose 64/);
  assert.match(told("exp", { maximum: false }), /^Then e to each: “red” has 16\.92, and all 4 add up to 19\.92\.$/);
});

test("breaking it has a name and its numbers; the way as it should be has none", () => {
  const named = (changes) => failures(givenOf(BALL), { ...BALL.selection, ...changes }, BALL.tokens).map(({ name, text }) => `${name}: ${text}`);
  assert.deepEqual(named({}), []);
  assert.match(named({ large: true, maximum: false })[0], /^Overflow: e to the 1,000 is ∞.*∞ \/ ∞ is nan.*Subtract the maximum/);
  assert.deepEqual(named({ large: true }), []);
  assert.match(named({ axis: "queries" })[0], /^Softmax over queries: the weights of “ball” add up to 1\.\d\d, not to 1\./);
  assert.match(named({ divide: false })[0], /^No scaling: “red” gets \.95; divided by √2 it would get \.85\./);
  assert.match(named({ edits: [["weights", 0, 0, 3]] })[0], /^No mixture: the weights of “ball” add up to 3\.95, not to 1\./);
  assert.match(named({ maximum: false, edits: [0, 1, 2, 3].map((j) => ["scaled", 0, j, -2000]) })[0], /^0 \/ 0: Every exp has become 0/);
});

test("typing over a number forgets what was typed after it, and only that", () => {
  let edits = retyped([], "scores", 0, 1, 9);
  edits = retyped(edits, "V", 0, 2, 5);
  assert.deepEqual(edits, [["V", 0, 2, 5]]);
  edits = retyped(retyped(edits, "V", 0, 2, 6), "K", 1, 1, 2);
  assert.deepEqual(edits, [["V", 0, 2, 6], ["K", 1, 1, 2]]);
  edits = retyped(edits, "weights", 0, 0, 1);
  assert.deepEqual(ofAnyQuery(edits), [["V", 0, 2, 6], ["K", 1, 1, 2]]);
  assert.deepEqual(retyped(edits, "X", 0, 0, 3), [["X", 0, 0, 3]]);
});

test("numbers are read as people type them, and nothing else is", () => {
  const typed = { "0.5": 0.5, ".5": 0.5, "0,5": 0.5, "−3": -3, "1,000": 1000, " 12 ": 12, "1e3": 1000, "2.": 2 };
  for (const [text, value] of Object.entries(typed)) assert.equal(readTyped(text), value, text);
  for (const text of ["", "-", "a", "1 2", "1e999", "nan", "--1", "0x10"]) assert.ok(Number.isNaN(readTyped(text)), text);
});

test("numbers are written as in the course, as in Python", () => {
  const shown = [0, -0, 4, 2.828, -0.5, 1000, 2e-5, -3e38, Infinity, -Infinity, NaN, 0.004, 123.4].map(say);
  assert.deepEqual(shown, ["0", "0", "4", "2.83", "−.50", "1,000", "2·10⁻⁵", "−3·10³⁸", "∞", "−∞", "nan", ".004", "123"]);
});

test("a projected number says how it is made, of which row and which column", () => {
  assert.equal(madeOf(walked(BALL), "Q", 2, 0, BALL.tokens), "q₁ of ball = 1 · 4 = 4");
  assert.match(madeOf(walked(BALL), "K", 0, 0, BALL.tokens), /nothing but zeros/);
  assert.equal(madeOf(walked(BALL), "X", 0, 0, BALL.tokens), "");
  assert.ok(isTermOf("X,2,5", "K,2,1") && isTermOf("W_k,0,1", "K,2,1"));
  assert.ok(!isTermOf("X,1,5", "K,2,1") && !isTermOf("W_k,0,0", "K,2,1") && !isTermOf("W_q,0,1", "K,2,1") && !isTermOf("X,2,5", ""));
});

test("arrows lead to the next number in their direction, over what can not be typed over", () => {
  const places = [[1, 6], [2, 0], [2, 6], [3, 0]];
  assert.equal(ahead(places, 1, "ArrowRight"), 2);
  assert.equal(ahead(places, 1, "ArrowDown"), 3);
  assert.equal(ahead(places, 2, "ArrowUp"), 0);
  assert.equal(ahead(places, 0, "ArrowLeft"), -1);
  assert.equal(ahead(places, 3, "Enter"), -1);
});

test("type is as large as the columns allow, and never smaller than 14 pixels", () => {
  const sizes = CASES.flatMap((wanted) => stepsOf(wanted.mask.length > 0).map((step) => fitted(shownAt(step, {}, wanted)).size));
  assert.ok(Math.min(...sizes) >= 14 && Math.max(...sizes) === 24);
  assert.equal(fitted(shownAt("sum")).size, 24);
  assert.ok(fitted(shownAt("project")).size >= 16);
  const long = fitted(shownAt("sum", { edits: [["scores", 0, 0, -1234.5]] }));
  assert.deepEqual([long.chars, long.track], [6, 0]);
});
