import assert from "node:assert/strict";
import { test } from "node:test";
import { modelOf, newPage, part } from "./page.mjs";

const { default: timed } = await part("timed.js");
const ROWS = [
  { name: "kernel", result: "(2000, 3)", seconds: ".30 s", memory: "52 MB", share: 0.08, estimated: false },
  { name: "loop", result: "extrapolated, not run", seconds: "3.8 s", memory: "", share: 1, estimated: true },
];

function shown(rows = ROWS) {
  const page = newPage();
  const model = modelOf({ rows });
  const el = page.element();
  page.cell.append(el);
  return { model, el, cleanup: timed.render({ model, el }) };
}
const texts = (items) => items.map((item) => item.textContent);

test("each run is a row that is named by its header, with time and memory under theirs", () => {
  const { el } = shown();
  const scopes = el.querySelectorAll("th").map((head) => head.getAttribute("scope"));
  assert.deepEqual(scopes, ["col", "col", "col", "col", "row", "row"]);
  assert.deepEqual(texts(el.querySelectorAll("th")), ["run", "result", "time", "new memory", "kernel", "loop"]);
  assert.deepEqual(texts(el.querySelectorAll("td")), ["(2000, 3)", ".30 s", "52 MB", "extrapolated, not run", "about 3.8 s", "–"]);
});

test("a bar is as long as its share, and that of a run that was not run is marked", () => {
  const { el } = shown();
  const bars = el.all.filter((item) => item.getAttribute("class") === "course-length");
  assert.deepEqual(bars.map((bar) => bar.getAttribute("style")), ["width: 8%", "width: 100%"]);
  assert.deepEqual(bars.map((bar) => bar.closest(".course-estimated") !== null), [false, true]);
  assert.ok(bars.every((bar) => bar.getAttribute("aria-hidden") === "true"));
});

test("a name is text, never markup, and new rows take the place of the old", () => {
  const { el, model } = shown([{ ...ROWS[0], name: "<b>a</b>" }]);
  assert.equal(el.querySelectorAll("b").length, 0);
  assert.ok(el.textContent.includes("<b>a</b>"));
  model.receive({ rows: ROWS });
  assert.equal(el.querySelectorAll("tr").length, 3);
  assert.deepEqual(model.sent, []);
});

test("a cleanup leaves no listener", () => {
  const { model, cleanup } = shown();
  cleanup();
  assert.equal(model.listening, 0);
});
