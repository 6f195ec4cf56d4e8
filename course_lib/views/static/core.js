// @ts-check
// Joined in front of every part's own script as text: no import line, no request, and node loads the same text.

/** @typedef {{get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *   on(name: string, callback: () => void): void, off(name: string, callback: () => void): void}} Model */

/** True for a key that belongs to JupyterLab or the browser even while a part has the focus.
 * @param {KeyboardEvent} event */
function belongsOutside(event) {
  return event.ctrlKey || event.altKey || event.metaKey || (event.key === "Enter" && event.shiftKey);
}

/** Keep JupyterLab from reading a part's keys as commands (b inserts a cell, x deletes the learner's, arrows move on).
 * It listens further out, so stopping the bubble here is enough, and Tab still leaves. Escape goes back to the cell.
 * @param {HTMLElement} root
 * @returns {() => void} takes the guard off again */
function guardKeys(root) {
  /** @param {KeyboardEvent} event */
  const guard = (event) => {
    if (belongsOutside(event)) return;
    event.stopPropagation();
    if (event.key === "Escape") /** @type {HTMLElement | null} */ (root.closest(".jp-Cell"))?.focus();
  };
  root.addEventListener("keydown", guard);
  return () => root.removeEventListener("keydown", guard);
}

/** @param {string} tag @param {Record<string, any>} [attributes] @param {(Node | string)[]} children */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A name that no other part on the page has: one model may have several views.
 * @param {string} stem */
function fresh(stem) {
  return `${stem}-${Math.random().toString(36).slice(2, 10)}`;
}

/** Call back when one of the traits changes.
 * @param {Model} model @param {string[]} traits @param {() => void} callback
 * @returns {() => void} stops listening */
function follow(model, traits, callback) {
  for (const trait of traits) model.on(`change:${trait}`, callback);
  return () => {
    for (const trait of traits) model.off(`change:${trait}`, callback);
  };
}

/** Put one root into the cell's element, whatever an earlier render left there.
 * @param {HTMLElement} el @param {HTMLElement} root @param {...(() => void)} undo
 * @returns {() => void} the cleanup of a render */
function mount(el, root, ...undo) {
  el.replaceChildren(root);
  const unguard = guardKeys(root);
  return () => {
    unguard();
    for (const step of undo) step();
    root.remove();
  };
}
