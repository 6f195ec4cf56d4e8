import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, modelOf, newPage, part } from "./page.mjs";

const { default: picture } = await part("picture.js");
const STATE = { png: new Uint8Array([1, 2]), alt: "One bar.", width: 760, height: 380, ratio: 1, true_colours: false };

function shown(state = STATE, devicePixelRatio = 1) {
  const page = newPage();
  page.window.devicePixelRatio = devicePixelRatio;
  const model = modelOf(state);
  const el = page.element();
  return { page, model, el, cleanup: picture.render({ model, el }) };
}

test("the sentence is the alt text and stands under the picture, where it is read out", () => {
  const { el, model } = shown();
  assert.equal(el.find("img").alt, "One bar.");
  assert.equal(el.find("figcaption").getAttribute("aria-live"), "polite");
  model.receive({ png: new Uint8Array([3]), alt: "Two bars." });
  assert.equal(el.find("img").alt, "Two bars.");
  assert.equal(el.find("figcaption").textContent, "Two bars.");
});

test("a new picture replaces the old one, which is given back once the new one is there", () => {
  const { el, model, page } = shown();
  const before = el.find("img").src;
  model.receive({ png: new Uint8Array([3, 4, 5]) });
  assert.notEqual(el.find("img").src, before);
  assert.ok(page.urls.has(before));
  fire(el.find("img"), "load");
  assert.deepEqual([...page.urls], [el.find("img").src]);
});

test("a fine screen asks once for a finer picture, and for twice as fine at most", () => {
  const { model, page } = shown(STATE, 3);
  assert.deepEqual(model.sent, [{ ratio: 2 }]);
  fire(page.window, "resize");
  assert.equal(model.sent.length, 1);
});

test("a zoomed page asks when it is zoomed; zooming out asks for nothing", () => {
  const { model, page } = shown();
  assert.deepEqual(model.sent, []);
  page.window.devicePixelRatio = 1.5;
  fire(page.window, "resize");
  page.window.devicePixelRatio = 0.5;
  fire(page.window, "resize");
  assert.deepEqual(model.sent, [{ ratio: 1.5 }]);
});

test("true colours stand on paper, ink turns with the theme", () => {
  assert.equal(shown().el.find("img").getAttribute("class"), "course-ink");
  assert.equal(shown({ ...STATE, true_colours: true }).el.find("img").getAttribute("class"), "course-paper");
});

test("a cleanup leaves no listener and no address behind", () => {
  const { model, page, cleanup } = shown();
  cleanup();
  assert.equal(model.listening, 0);
  assert.equal(page.urls.size, 0);
  assert.equal(page.window.listeners.resize.size, 0);
});
