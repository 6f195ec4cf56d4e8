// Beams as pixels: where they run, how much ink they leave, who lies over whom.
import assert from "node:assert/strict";
import { test } from "node:test";
import { part } from "./page.mjs";

const { rasterize } = await part("beam_raster.js");
const [WIDTH, HEIGHT] = [60, 40];
const INK = [200, 100, 0];

/** The pixels of some strokes on white, as [red, green, blue, alpha] of a column and a row. */
const painted = (...strokes) => {
  const pixels = new Uint32Array(WIDTH * HEIGHT).fill(0xffffffff);
  rasterize(pixels, WIDTH, HEIGHT, strokes);
  const bytes = new Uint8Array(pixels.buffer);
  return (x, y) => [...bytes.subarray(4 * (y * WIDTH + x), 4 * (y * WIDTH + x) + 4)];
};
const stroke = (change) => ({ from: 10, to: 10, thickness: 4, colour: INK, dash: [], ...change });
/** How many pixels' worth of ink a column holds. */
const inkOf = (at, x) => [...Array(HEIGHT).keys()].reduce((sum, y) => sum + (255 - at(x, y)[2]) / 255, 0);
const middleOf = (at, x) => [...Array(HEIGHT).keys()].reduce((sum, y) => sum + (y + 0.5) * (255 - at(x, y)[2]) / 255, 0) / inkOf(at, x);

test("a level beam fills its rows in its colour and no others", () => {
  const at = painted(stroke());
  for (const x of [0, 30, WIDTH - 1]) {
    assert.deepEqual([7, 8, 11, 12].map((y) => at(x, y)), [[255, 255, 255, 255], [...INK, 255], [...INK, 255], [255, 255, 255, 255]]);
  }
});

test("a beam thinner than a pixel leaves its share of ink", () => {
  const at = painted(stroke({ from: 10.5, to: 10.5, thickness: 0.25 }));
  assert.ok(Math.abs(inkOf(at, 20) - 0.25) < 0.01, `${inkOf(at, 20)}`);
  assert.deepEqual(at(20, 10), [241, 216, 191, 255]);
});

test("a beam starts and ends at its heights and follows the cubic in between, upwards and downwards", () => {
  for (const [from, to] of [[8, 32], [32, 8], [20, 21]]) {
    const at = painted(stroke({ from, to }));
    for (let x = 0; x < WIDTH; x++) {
      const t = (x + 0.5) / WIDTH;
      const y = (1 - t) ** 3 * from + 3 * (1 - t) ** 2 * t * from + 3 * (1 - t) * t * t * to + t ** 3 * to;
      assert.ok(Math.abs(middleOf(at, x) - y) < 0.05, `${from} to ${to} at ${x}: ${middleOf(at, x)}, ${y}`);
    }
  }
});

test("a slanted beam is as thick across as a level one: taller in a column", () => {
  const at = painted(stroke({ from: 6, to: 34, thickness: 2 }));
  const slope = (28 * 1.5) / WIDTH; // of the cubic in the middle
  assert.ok(Math.abs(inkOf(at, WIDTH / 2) - 2 * Math.hypot(1, slope)) < 0.1, `${inkOf(at, WIDTH / 2)}`);
  assert.ok(Math.abs(inkOf(at, 0) - 2) < 0.1);
});

test("the later beam lies over the earlier one", () => {
  assert.deepEqual(painted(stroke(), stroke({ colour: [0, 0, 9] }))(30, 10), [0, 0, 9, 255]);
});

test("what lies outside is cut off and touches nothing", () => {
  const at = painted(stroke({ from: -20, to: -20 }), stroke({ from: 60, to: 60 }), stroke({ from: -1, to: -1 }));
  assert.deepEqual(at(5, 0), [...INK, 255]);
  assert.equal([...Array(HEIGHT).keys()].filter((y) => at(5, y)[2] < 255).length, 1);
});

test("dashes leave gaps as long as they say", () => {
  const at = painted(stroke({ dash: [12, 5] }));
  const row = [...Array(WIDTH).keys()].map((x) => (at(x, 10)[2] < 255 ? "#" : " ")).join("");
  assert.match(row, /^#{12} {5}#{12} {5}#{12} {5}/);
});
