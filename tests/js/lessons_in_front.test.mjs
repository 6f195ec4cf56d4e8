import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const SCRIPT = new URL("../../course_tools/jupyter/presenting/course-slides/static/slides.js", import.meta.url);
const turn = () => new Promise((done) => setImmediate(done));

function signal() {
  const slots = new Set(); // as Lumino's, one that is connected twice is called once
  return { connect: (slot) => slots.add(slot), emit: () => slots.forEach((slot) => slot()) };
}

function notebook(path, kernel = {}, type = "slide") {
  const sessionContext = { ready: Promise.resolve(), session: { kernel }, kernelChanged: signal() };
  return { sessionContext, context: { path, ready: Promise.resolve() }, content: { widgets: [{ type }] } };
}

/** JupyterLab with one notebook in front, beside a show.js that only notes what it is to show. */
async function lab(front) {
  const folder = mkdtempSync(join(tmpdir(), "slides-"));
  writeFileSync(join(folder, "show.js"), "export const typeOf = (cell) => cell.type;\nexport const show = async (app, panel) => app.show(panel);");
  const currentChanged = signal(), shown = [], body = { dataset: {} };
  let modeChanged;
  const watching = new Promise((watched) => {
    globalThis.MutationObserver = class {
      constructor(look) { modeChanged = look; }
      observe() { watched(); }
    };
  });
  globalThis.window = {};
  globalThis.document = {
    currentScript: { src: pathToFileURL(join(folder, "slides.js")).href }, body, head: { append() {} }, createElement: () => ({}),
  };
  copyFileSync(SCRIPT, join(folder, "slides.mjs")); // each a script of its own
  await import(pathToFileURL(join(folder, "slides.mjs")).href);
  const app = {
    restored: Promise.resolve(), shell: { currentWidget: front, currentChanged },
    show(panel) {
      body.dataset.jpDeckMode = "presenting";
      shown.push(panel.context.path);
    },
  };
  (await window._JUPYTERLAB["course-slides"].get())().default.activate(app);
  await watching; // show.js is read from a file
  await turn();
  rmSync(folder, { recursive: true });
  return {
    shown,
    async open(panel) {
      app.shell.currentWidget = panel;
      currentChanged.emit();
      await turn();
    },
    async end() {
      delete body.dataset.jpDeckMode;
      modeChanged();
      await turn();
    },
  };
}

test("the lesson in front goes on the wall, once, and no clock is asked for it", async () => {
  const { setTimeout, setInterval } = globalThis;
  globalThis.setTimeout = globalThis.setInterval = () => assert.fail("a clock");
  const { shown, end } = await lab(notebook("03"));
  await end();
  assert.deepEqual(shown, ["03"]);
  Object.assign(globalThis, { setTimeout, setInterval });
});

test("one that is opened later is shown when it comes to the front, or when the show before it has ended", async () => {
  const { shown, open, end } = await lab(null);
  await open(notebook("03"));
  await open(notebook("04"));
  assert.deepEqual(shown, ["03"]);
  await end();
  assert.deepEqual(shown, ["03", "04"]);
});

test("one that gets its kernel late is shown then", async () => {
  const late = notebook("03", null), { shown } = await lab(late);
  assert.deepEqual(shown, []);
  late.sessionContext.session.kernel = {};
  late.sessionContext.kernelChanged.emit();
  await turn();
  assert.deepEqual(shown, ["03"]);
});

test("what is no lesson, and what another was opened in front of, stays a notebook", async () => {
  const { shown, open } = await lab(notebook("exercises", {}, null));
  const slow = notebook("03");
  slow.context.ready = new Promise((done) => { slow.done = done; });
  await open(slow);
  await open({}); // the launcher
  slow.done();
  await turn();
  assert.deepEqual(shown, []);
});
