// @ts-check
// What only the page can see of an exercise: its tab, which bears the lesson's name, and an answer that was changed and
// not run. JupyterLab loads this as it loads every extension.

/** @param {any} app */
function activate(app) {
  const met = new WeakSet();
  (app.shell.layoutModified ?? app.shell.currentChanged).connect(() => { // the latter in Notebook 7
    for (const panel of app.shell.widgets("main")) {
      if (!met.has(panel) && /(^|\/)exercises\/[^/]+\.ipynb$/.test(panel.context?.path ?? "")) {
        met.add(panel);
        meet(app, panel);
      }
    }
  });
}

/** @param {any} app @param {any} panel */
function meet(app, panel) {
  const label = () => (panel.title.label = panel.context.path.replace(/\.ipynb$/, ""));
  label();
  panel.title.changed.connect(label); // JupyterLab sets it more than once; setting what it is changes nothing
  const listen = (/** @type {any} */ kernel) => kernel?.anyMessage.connect((/** @type {any} */ _, /** @type {any} */ { msg, direction }) => {
    const name = direction === "send" && msg.header.msg_type === "execute_request" && /^(.+)-check$/.exec(msg.metadata.cellId)?.[1];
    if (name && isUnrun(panel, `${name}-answer`)) tell(app, name);
  });
  listen(panel.sessionContext.session?.kernel);
  panel.sessionContext.kernelChanged.connect((/** @type {any} */ _, /** @type {any} */ { newValue }) => listen(newValue));
}

/** Was the cell changed after it ran? One that is waiting to run has no number. @param {any} panel @param {string} id */
function isUnrun(panel, id) {
  const cell = panel.content.widgets.find((/** @type {any} */ cell) => cell.model.id === id)?.model;
  return Boolean(cell?.isDirty && cell.executionCount);
}

/** @param {any} app @param {string} name */
function tell(app, name) {
  const message = `${name} was changed after it ran, and the check judged what ran. Run its cell, then check again.`;
  app.commands.execute("apputils:notify", { message, type: "warning", options: { autoClose: 10_000 } });
}

const plugin = { id: "course-exercises:plugin", autoStart: true, activate };

/** @type {any} */ (window)._JUPYTERLAB ??= {};
/** @type {any} */ (window)._JUPYTERLAB["course-exercises"] = {
  init() {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
