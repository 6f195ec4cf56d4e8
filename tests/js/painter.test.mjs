// The browser's masks, hops, leaks and sentence are NumPy's, for every kind of selection.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { holding, worst } from "./fixtures.mjs";
import { part } from "./page.mjs";

const js = await part("maths.js", "painter_maths.js", "painter_words.js", "painter_grid.js", "painter_tools.js", "painter.js");
const python = JSON.parse(readFileSync(new URL("painter.json", import.meta.url), "utf-8"));
const cases = python.painters.flatMap(({ state, seen }) => {
  const all = js.readPainter(holding(state));
  return seen.map((wanted) => ({ all, wanted, chosen: wanted.selection, found: js.find(all, wanted.selection) }));
});
const told = (all, chosen) => `${all.n_q} x ${all.n_k} ${JSON.stringify(chosen)}`;

test("the mask of every selection is NumPy's, cell by cell", () => {
  assert.ok(cases.length >= 70);
  for (const { all, wanted, chosen, found } of cases) {
    assert.deepEqual(js.rowsOf(found.allowed, all.n_k), wanted.rows, told(all, chosen));
    assert.equal(found.edges, wanted.edges);
    assert.deepEqual(found.empty, wanted.empty);
  }
});

test("the masks with a name are NumPy's", () => {
  let seen = 0;
  for (const { state, masks } of python.presets) {
    const [n_q, n_k] = state.words.map((side) => side.length);
    for (const [name, rows] of Object.entries(masks)) {
      assert.deepEqual(js.rowsOf(js.patternMask(state.presets[name], n_q, n_k, state.real), n_k), rows, name);
      seen += 1;
    }
  }
  assert.equal(seen, 7 + 8 + 3);
});

test("the integer generator and the random links are Python's, bit by bit", () => {
  let numbers = 0;
  for (const { seed, numbers: wanted, n, links, cells } of python.links) {
    if (cells) assert.deepEqual([...js.randomLinks(n, links, seed)], cells);
    else {
      const draw = js.mulberry32(seed);
      assert.deepEqual(wanted.map(() => draw()), wanted, `seed ${seed}`);
      numbers += 1;
    }
  }
  assert.equal(numbers, 3);
});

test("hops, their histogram, who is never heard and who is heard after some layers are NumPy's", () => {
  const composed = cases.filter(({ wanted }) => wanted.hops);
  assert.ok(composed.length >= 30);
  for (const { all, wanted, chosen, found } of composed) {
    assert.deepEqual([...found.hops], wanted.hops, told(all, chosen));
    assert.deepEqual(found.histogram, wanted.histogram);
    assert.equal(found.never, wanted.never);
    assert.deepEqual(found.reached, wanted.reached, told(all, chosen));
  }
});

test("weights, outputs, how far they moved and the leaks are NumPy's in all three orders, with all hidden scores", () => {
  const kinds = new Set();
  for (const { all, wanted, chosen, found } of cases) {
    for (const name of ["weights", "output", "moved"]) {
      assert.ok(worst(found.poked[name], wanted[name]) <= 1e-5, `${name}: ${told(all, chosen)}`);
    }
    assert.deepEqual(found.poked.leaks, wanted.leaks, told(all, chosen));
    kinds.add(chosen.order === "before" ? chosen.hidden : chosen.order);
  }
  assert.equal(kinds.size, 6);
  assert.ok(cases.filter(({ wanted }) => wanted.leaks.length).length > 10);
});

test("the sentence is describe()'s", () => {
  for (const { all, wanted, chosen, found } of cases) assert.equal(js.sentenceOf(all, chosen, found), wanted.sentence);
});

test("a mask painted by hand travels as rows and comes back", () => {
  const rows = ["010", "000", "111"];
  assert.deepEqual(js.rowsOf(js.maskOf({ n_q: 3, n_k: 3, real: [] }, { painted: rows }), 3), rows);
});

test("shares are written as Python writes them", () => {
  assert.equal(python.shares.length, 403);
  for (const [share, text] of python.shares) assert.equal(js.inWords(share), text);
});

test("a quick drag leaves no cell out, and each cell touches the one before", () => {
  for (const to of [[0, 5], [5, 0], [3, 7], [-2, 1], [1, 1]]) {
    const line = js.lineOf([1, 1], to);
    assert.deepEqual([line[0], line[line.length - 1]], [[1, 1], to]);
    for (let at = 1; at < line.length; at++) {
      assert.ok(Math.max(Math.abs(line[at][0] - line[at - 1][0]), Math.abs(line[at][1] - line[at - 1][1])) <= 1);
    }
  }
});

test("cells are as large as a finger up to 16 tokens, and 64 fit", () => {
  for (const n of [1, 2, 8, 16, 17, 32, 33, 64]) {
    const words = Array.from({ length: n }, (_, at) => `longer${at}`);
    const { cell, left, top } = js.layoutOf({ n_q: n, n_k: 1, words: [words, ["a"]] });
    assert.ok(n > 16 ? cell >= 6 : cell >= 24, `${n}`);
    assert.ok(cell * n <= 426 && left >= 40 && top >= 24, `${n}`);
  }
});

test("a cell is marked as looked at, as heard of with its hops, or as one of an empty row", () => {
  const all = { n_q: 3, n_k: 3 };
  const found = { allowed: Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 1, 0]), empty: [1], hops: Int32Array.from([0, -1, -1, -1, 0, -1, 2, 1, 0]), reached: [true, true, true] };
  const codes = js.codesOf(all, { token: 2 }, found);
  assert.deepEqual([...codes], [1, 0, 0, 4, 4, 4, 2 + 16, 1, 2]);
});

test("many hops share the last bar, and who never meets has one of their own", () => {
  assert.deepEqual(js.barsOf([5], 20), [["never", 20]]);
  assert.deepEqual(js.barsOf([5, 4, 3], 0), [["1", 4], ["2", 3]]);
  assert.deepEqual(js.barsOf([9, 8, 7, 6, 5, 4, 3, 2, 1], 4).slice(-2), [["7+", 3], ["never", 4]]);
});
