// The browser's beams and sentence are Python's, for every kind of pin.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixtures, holding, numbers, worst } from "./fixtures.mjs";
import { part } from "./page.mjs";

const js = await part("maths.js", "beams.js", "beam_raster.js", "explorer_sky.js", "explorer_beams.js", "explorer_matrix.js", "explorer.js");
const python = fixtures();

test("every pin draws the beams that Python lists, and says what describe() says", () => {
  let seen = 0;
  for (const { state, seen: pins } of python.explorers) {
    const all = js.readExplored(holding(state));
    for (const { sentence, beams, mean, ...chosen } of pins) {
      const drawn = js.beamsOf(all, chosen);
      assert.equal(js.sentenceOf(all, chosen), sentence);
      assert.deepEqual(drawn.map((beam) => [beam.head, beam.query, beam.key]), beams);
      assert.ok(worst(js.meanOf(all, chosen.heads), numbers(mean)) < 1e-12);
      for (const beam of drawn) assert.equal(beam.weight, all.weights[(beam.head * all.n_q + beam.query) * all.n_k + beam.key]);
      seen += 1;
    }
  }
  assert.ok(seen > 200, `${seen} pins`);
});

test("the thresholds are Python's", () => {
  for (const { state } of python.explorers) assert.ok(js.THRESHOLDS.includes(state.selection.threshold));
});

test("heads have letters, four colours and three dashes: twelve differ in two of them", () => {
  assert.deepEqual([0, 11, 25, 26, 53].map(js.letterOf), ["A", "L", "Z", "A2", "B3"]);
  const looks = [...Array(12).keys()].map((head) => js.beamColour(head, 1, false) + js.dashOf(head));
  assert.equal(new Set(looks).size, 12);
});

test("a stronger beam stands out more, the faintest by 3 to 1, in both themes", () => {
  const light = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const contrast = (css, paper) => {
    const [red, green, blue] = css.match(/\d+/g).map((part) => light(part / 255));
    const [high, low] = [0.2126 * red + 0.7152 * green + 0.0722 * blue, paper].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  for (const [dark, paper] of [[false, 1], [true, light(0x11 / 255)]]) {
    for (let head = 0; head < 4; head++) {
      const steps = [0, 0.25, 0.5, 0.75, 1].map((strength) => contrast(js.beamColour(head, strength, dark), paper));
      assert.ok(steps[0] >= 3, `${head} ${steps}`);
      assert.deepEqual([...steps].sort((a, b) => a - b), steps);
    }
  }
});

test("tokens never stand nearer than 24 pixels, and up to 16 the rows of both stand at one height", () => {
  for (const n of [1, 2, 8, 16, 17, 32, 33, 64, 128]) {
    const { pitch, cell } = js.layoutOf({ n_q: n, n_k: 1, tokens: [["one"], ["three"]] });
    assert.ok(pitch >= 24, `${n}`);
    if (n <= 16) assert.equal(pitch, cell);
    assert.ok(cell * n <= 420, `${n}`);
  }
});

test("keys move over cells and headers, and never to the empty corner", () => {
  const goals = {
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -1], End: [0, 4],
    PageUp: [-1, 0], PageDown: [3, 0], b: null, Tab: null, toString: null,
  };
  for (const [key, goal] of Object.entries(goals)) assert.deepEqual(js.gridGoal(key, 0, 0, 4, 5), goal, key);
  assert.deepEqual(js.gridGoal("ArrowUp", 0, -1, 4, 5), [0, -1]);
  assert.deepEqual(js.gridGoal("PageUp", 3, -1, 4, 5), [0, -1]);
  assert.deepEqual(js.gridGoal("Home", -1, 3, 4, 5), [-1, 0]);
  assert.deepEqual(js.gridGoal("ArrowRight", 3, 4, 4, 5), [3, 4]);
});

test("a head goes on and off, but never the last one", () => {
  assert.deepEqual(js.toggledHeads([0], 2, 4), [0, 2]);
  assert.deepEqual(js.toggledHeads([2, 3], 0, 4), [0, 2, 3]);
  assert.deepEqual(js.toggledHeads([0, 2], 0, 4), [2]);
  assert.deepEqual(js.toggledHeads([2], 2, 4), [2]);
  assert.deepEqual(js.toggledHeads([1], null, 3), [0, 1, 2]);
  assert.deepEqual(js.toggledHeads([0, 1, 2], null, 3), [0]);
});
