// NumPy is the oracle: the same float32 inputs, float64 on both sides, 1e-5 apart at most.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixtures, holding, numbers, worst } from "./fixtures.mjs";
import { part } from "./page.mjs";

const js = await part("maths.js");
const python = fixtures();
const CLOSE = 1e-5;

test("every step of attention is NumPy's, on fuzzed shapes, with empty rows, at scores of 1e4", () => {
  assert.ok(python.attention.length > 50);
  for (const { allowed, wanted, ...arrays } of python.attention) {
    const [Q, K, V] = ["Q", "K", "V"].map((name) => js.floats(holding(arrays), name));
    const found = js.attentionSteps(Q, K, V, allowed);
    for (const [step, values] of Object.entries(wanted)) {
      const gap = worst(found[step].data, numbers(values));
      assert.ok(gap < CLOSE, `${step} of Q ${Q.shape}, K ${K.shape}, V ${V.shape} is off by ${gap}`);
    }
    assert.deepEqual(found.weights.shape, [Q.shape[0], K.shape[0]]);
    assert.deepEqual(found.output.shape, [Q.shape[0], V.shape[1]]);
  }
});

test("some of these cases are hard: scores above 1e4, rows that may look at nobody", () => {
  const scores = python.attention.flatMap(({ wanted }) => numbers(wanted.scores).map(Math.abs));
  assert.ok(Math.max(...scores) > 1e4);
  assert.ok(python.attention.some(({ allowed, K }) => allowed && allowed.slice(0, K.shape[0]).every((may) => !may)));
});

test("softmax: extremes, an empty row, infinity and nan", () => {
  for (const { scores, weights } of python.softmax) {
    const gap = worst(js.softmaxRows(numbers(scores), scores.length), numbers(weights));
    assert.ok(gap < CLOSE, `softmax of ${scores} is off by ${gap}`);
  }
});

test("without the maximum a score of 1,000 gives nan, and its neighbours 0", () => {
  assert.deepEqual([...js.softmaxRows([1000, 999], 2, false)], [NaN, NaN]);
  assert.deepEqual([...js.softmaxRows([1000, 0], 2, false)], [NaN, 0]);
  assert.ok(worst(js.softmaxRows([2, 1], 2, false), js.softmaxRows([2, 1], 2)) < 1e-15);
});

test("a mask that ends both sides at one token, and entropy in bits", () => {
  for (const { sizes, allowed } of python.causal) assert.deepEqual(js.causalMask(...sizes), allowed);
  for (const { weights, bits } of python.entropy) assert.ok(Math.abs(js.entropy(weights) - bits) < 1e-12);
});

test("numbers and weights are written as Python writes them, halves to even", () => {
  for (const [value, places, text] of python.number) assert.equal(js.numberText(value, places), text, `${value} to ${places}`);
  for (const [value, text] of python.weight) assert.equal(js.weightText(value), text, `${value}`);
  assert.deepEqual([NaN, Infinity, -Infinity].map((value) => js.numberText(value)), ["nan", "∞", "−∞"]);
});

test("a shade is the static picture's, and darker for more", () => {
  for (const [share, rgb] of python.shade) assert.ok(worst(js.shade(share), rgb) < 0.02, `${share}`);
  assert.deepEqual(js.shade(7), js.shade(1));
  assert.deepEqual(js.shade(NaN), js.shade(0));
});

test("ink stands out on every shade of both themes: 4.5 to 1", () => {
  const light = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue);
  const ink = { "#ffffff": 1, "#000000": 0 };
  for (const dark of [false, true]) {
    for (let share = 0; share <= 1; share += 0.01) {
      const [one, other] = [luminance(js.shade(share, dark)), ink[js.inkOn(js.shade(share, dark))]].sort((a, b) => b - a);
      assert.ok((one + 0.05) / (other + 0.05) >= 4.5, `${share} ${dark}`);
    }
  }
});

test("lamps mix brighter than paints: half black, half white is 188 of 255, and a mix of one is that one", () => {
  const half = js.mixLight([[0, 0, 0], [1, 1, 1]], [0.5, 0.5]);
  assert.deepEqual(half.map((part) => Math.round(255 * part)), [188, 188, 188]);
  assert.ok(worst(js.mixLight([[0.9, 0.1, 0.3], [0, 1, 0]], [1, 0]), [0.9, 0.1, 0.3]) < 1e-9);
});

test("the one stop of a list moves by arrows, Home and End, and stays inside", () => {
  const goals = { ArrowDown: 3, ArrowUp: 1, ArrowRight: 3, ArrowLeft: 1, Home: 0, End: 4, Enter: null, toString: null };
  for (const [key, goal] of Object.entries(goals)) assert.equal(js.roveGoal(key, 2, 5, 1), goal, key);
  assert.equal(js.roveGoal("ArrowDown", 4, 5, 1), 4);
  const grid = { ArrowDown: 7, ArrowUp: 1, ArrowRight: 5, ArrowLeft: 3, Home: 3, End: 5 };
  for (const [key, goal] of Object.entries(grid)) assert.equal(js.roveGoal(key, 4, 9, 3), goal, key);
  assert.equal(js.roveGoal("ArrowRight", 5, 9, 3), 5);
});
