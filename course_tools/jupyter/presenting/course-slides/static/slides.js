// @ts-check
// Lessons on the wall. JupyterLab loads this as it loads every extension: no bundler, so it asks for no other module's
// objects.

const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;

/** Show the lesson in front, and later each that is opened while no other is on the wall. @param {any} app */
async function activate(app) {
  const { show, typeOf } = await import(new URL("show.js", here).href);
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("slides.css", here).href }));
  const seen = new WeakSet();
  const waits = () => { // for the wall: the notebook in front
    const panel = app.shell.currentWidget;
    return panel?.sessionContext && panel.content && !seen.has(panel) && !document.body.dataset.jpDeckMode ? panel : null;
  };
  const look = async () => {
    const panel = waits();
    if (!panel) return;
    await panel.context.ready;
    await panel.sessionContext.ready;
    panel.sessionContext.kernelChanged.connect(look); // it may get one later; a second time changes nothing
    if (panel !== waits() || !isLesson(panel, typeOf)) return;
    seen.add(panel);
    await show(app, panel);
    document.body.dataset.courseSlides = panel.context.path;
  };
  await app.restored;
  app.shell.currentChanged.connect(look);
  new MutationObserver(look).observe(document.body, { attributeFilter: ["data-jp-deck-mode"] }); // a show has ended
  await look();
}

/** Has it slides, and a kernel that answers? @param {any} panel @param {(cell: any) => string | null} typeOf */
function isLesson(panel, typeOf) {
  return panel.sessionContext.session?.kernel && panel.content.widgets.some((/** @type {any} */ cell) => typeOf(cell) === "slide");
}

const plugin = { id: "course-slides:plugin", autoStart: true, activate: (/** @type {any} */ app) => void activate(app) };

/** @type {any} */ (window)._JUPYTERLAB ??= {};
/** @type {any} */ (window)._JUPYTERLAB["course-slides"] = {
  init() {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
