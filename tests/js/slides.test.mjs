import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const FILE = new URL("../../course_tools/jupyter/presenting/course-slides/static/fit.js", import.meta.url);
const { largest } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(readFileSync(FILE, "utf-8"))}`);

test("the largest size that fits is found, whichever it is, and never one that does not fit", () => {
  for (const limit of [0.61, 0.8, 1, 1.234, 1.69]) {
    const found = largest(0.6, 1.7, (size) => size <= limit);
    assert.ok(found <= limit && found > limit - 0.02, `${limit}: ${found}`);
  }
});

test("where all sizes fit it is the highest, and where only the lowest does, the lowest", () => {
  assert.equal(largest(0.6, 1.7, () => true), 1.7);
  assert.equal(largest(0.6, 1.7, (size) => size <= 0.6), 0.6);
});
