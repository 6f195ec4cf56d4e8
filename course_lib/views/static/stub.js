// @ts-check
// The model of a saved page: what ipywidgets' model does, with nobody at the other end.

/** @param {Record<string, any>} state arrays as {shape, data: base64} @returns {Model} */
function stubModel(state) {
  for (const value of Object.values(state)) {
    if (value?.shape && typeof value.data === "string") {
      value.data = new DataView(Uint8Array.from(atob(value.data), (one) => one.charCodeAt(0)).buffer);
    }
  }
  /** @type {Record<string, Set<() => void>>} */
  const listeners = {};
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const callback of [...(listeners[`change:${name}`] ?? [])]) callback();
    },
    save_changes() {},
    on: (name, callback) => void (listeners[name] ??= new Set()).add(callback),
    off: (name, callback) => void listeners[name]?.delete(callback),
  };
}
