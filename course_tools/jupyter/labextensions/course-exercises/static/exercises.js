// @ts-check
// What only the page can see of an exercise: an answer that was changed and not run. JupyterLab loads this as it loads
// every extension: a script, whose names would be those of all scripts.

(() => {
  /** @param {any} app */
  function activate(app) {
    const met = new WeakSet();
    (app.shell.layoutModified ?? app.shell.currentChanged).connect(() => { // the latter in Notebook 7
      for (const panel of app.shell.widgets("main")) {
        if (met.has(panel) || !/(^|\/)exercises\/[^/]+\.ipynb$/.test(panel.context?.path ?? "")) continue;
        met.add(panel);
        listen(app, panel);
      }
    });
  }

  /** Hear what is sent to the kernel: the run of a check is one message. @param {any} app @param {any} panel */
  function listen(app, panel) {
    const to = (/** @type {any} */ kernel) => kernel?.anyMessage.connect((/** @type {any} */ _, /** @type {any} */ { msg, direction }) => {
      const name = direction === "send" && msg.header.msg_type === "execute_request" && /^(.+)-check$/.exec(msg.metadata.cellId)?.[1];
      if (name && isUnrun(panel, `${name}-answer`)) tell(app, name);
    });
    to(panel.sessionContext.session?.kernel);
    panel.sessionContext.kernelChanged.connect((/** @type {any} */ _, /** @type {any} */ { newValue }) => to(newValue));
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
})();
