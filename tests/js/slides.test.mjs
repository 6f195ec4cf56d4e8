import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const FILE = new URL("../../course_tools/jupyter/presenting/course-slides/static/sizes.js", import.meta.url);
const { largest, remember } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(readFileSync(FILE, "utf-8"))}`);

/** A figure of this height at size 1, too wide for its place from `wide` on; it counts how often it is laid out. */
function figure(height = 500, wide = Infinity) {
  const sizes = [];
  const tried = remember((size) => {
    sizes.push(size);
    return { height: height * size + (size > 1 ? 40 : 0), out: size > wide, drawn: size }; // a row wraps at 1
  });
  return { tried, sizes };
}

test("the largest size that fits is found, whether height or width ends it, and never one that does not fit", () => {
  for (const limit of [0.61, 0.8, 1, 1.234, 1.69]) {
    const high = limit * 500 + (limit > 1 ? 40 : 0);
    for (const [room, wide] of [[high, Infinity], [9999, limit]]) {
      const found = largest(0.6, 1.7, room, figure(500, wide).tried);
      assert.ok(found <= limit && found > limit - 0.021, `${limit}: ${found}`);
    }
  }
});

test("where all sizes fit it is the highest, where only the lowest does, the lowest, and where none does, none", () => {
  assert.equal(largest(0.6, 1.7, 9999, figure().tried), 1.7);
  assert.ok(largest(0.6, 1.7, 305, figure().tried) < 0.62);
  assert.equal(largest(0.6, 1.7, 299, figure().tried), 0);
});

test("no size is tried twice, not even for another room, and few are", () => {
  const { tried, sizes } = figure();
  for (const room of [400, 420, 440, 460]) {
    const found = largest(0.6, 1.7, room, tried);
    assert.ok(tried(found).height <= room && tried(found).height > room - 0.021 * 500);
  }
  assert.equal(new Set(sizes).size, sizes.length);
  assert.ok(sizes.length < 20, `${sizes.length} sizes`);
});
