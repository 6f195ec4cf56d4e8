// A page as small as the parts need it: elements, events that bubble, one focus. Not a test.
import { readFileSync } from "node:fs";

const STATIC = new URL("../../course_lib/views/static/", import.meta.url);

class Item {
  constructor(tag) {
    this.tagName = tag;
    this.attributes = {};
    this.children = [];
    this.parent = null;
    this.style = {};
    this.listeners = {};
    this.checked = false;
    this.disabled = false;
    this.value = "";
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
    if (name === "value") this.value = value;
  }
  getAttribute(name) { return this.attributes[name] ?? null; }
  append(...children) {
    for (const child of children) {
      if (child instanceof Item) {
        child.remove(); // an element stands in one place
        child.parent = this;
      }
      this.children.push(child);
    }
  }
  replaceChildren(...children) {
    this.children = [];
    this.append(...children);
  }
  remove() { if (this.parent) this.parent.children = this.parent.children.filter((child) => child !== this); }
  get textContent() { return this.children.map((child) => child.textContent ?? child).join(""); }
  set textContent(text) { this.children = [String(text)]; }
  contains(item) { return item === this || this.all.includes(item); }
  get all() { return this.children.filter((child) => child instanceof Item).flatMap((child) => [child, ...child.all]); }
  querySelectorAll(tag) { return this.all.filter((item) => item.tagName === tag); }
  find(tag) { return this.querySelectorAll(tag)[0]; }
  closest(selector) {
    for (let item = this; item; item = item.parent) {
      if ((item.attributes.class ?? "").split(" ").includes(selector.slice(1))) return item;
    }
    return null;
  }
  addEventListener(type, listener) { (this.listeners[type] ??= new Set()).add(listener); }
  removeEventListener(type, listener) { this.listeners[type]?.delete(listener); }
  focus() { globalThis.document.activeElement = this; }
}

/** Send an event to an item and up from there; returns it, with what became of it. */
export function fire(item, type, details = {}) {
  const event = {
    type, stopped: false, prevented: false, ...details,
    stopPropagation() { this.stopped = true; },
    preventDefault() { this.prevented = true; },
  };
  for (let at = item; at && !event.stopped; at = at.parent) {
    for (const listener of [...(at.listeners[type] ?? [])]) listener(event);
  }
  return event;
}

/** A model as ipywidgets has it; `sent` lists what went to Python. */
export function modelOf(state) {
  const listeners = {};
  const model = {
    state: { ...state }, sent: [], pending: {},
    get: (name) => model.state[name],
    set(name, value) {
      model.pending[name] = value;
      model.receive({ [name]: value });
    },
    save_changes() {
      model.sent.push(model.pending);
      model.pending = {};
    },
    on: (event, callback) => (listeners[event] ??= new Set()).add(callback),
    off: (event, callback) => listeners[event].delete(callback),
    /** What arrives from Python. */
    receive(changes) {
      Object.assign(model.state, changes);
      for (const name of Object.keys(changes)) for (const callback of [...(listeners[`change:${name}`] ?? [])]) callback();
    },
    get listening() { return Object.values(listeners).reduce((sum, set) => sum + set.size, 0); },
  };
  return model;
}

export function newPage() {
  const window = new Item("window");
  window.devicePixelRatio = 1;
  const urls = new Set();
  Object.assign(globalThis, {
    window,
    document: {
      activeElement: null,
      createElement: (tag) => new Item(tag),
      createElementNS: (_, tag) => new Item(tag),
    },
  });
  URL.createObjectURL = (blob) => {
    const url = `blob:${urls.size}-${blob.size}`;
    urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => urls.delete(url);
  return { window, urls, cell: Object.assign(new Item("div"), { attributes: { class: "jp-Cell" } }), element: () => new Item("div") };
}

/** The text that the browser gets, as a module. */
export async function part(...names) {
  const text = ["core.js", ...names].map((file) => readFileSync(new URL(file, STATIC), "utf-8")).join("\n");
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`);
}
