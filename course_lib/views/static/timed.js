// @ts-check
// What was measured on this machine, just now, as a table. Nothing here is computed, and nothing is sent back.

/** @param {{name: string, result: string, seconds: string, memory: string, share: number, estimated: boolean}} row */
function runRow(row) {
  const time = make("span", { class: "course-measured" }, (row.estimated ? "about " : "") + row.seconds);
  const bar = make("span", { class: "course-length", style: `width: ${100 * row.share}%`, "aria-hidden": "true" });
  return make("tr", row.estimated ? { class: "course-estimated" } : {},
    make("th", { scope: "row" }, row.name),
    make("td", {}, row.result),
    make("td", { class: "course-seconds" }, time, bar),
    make("td", {}, make("span", { class: "course-measured" }, row.memory || "–")));
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const heads = ["run", "result", "time", "new memory"].map((name) => make("th", { scope: "col" }, name));
  const body = make("tbody");
  const table = make("table", { class: "course-runs" }, make("thead", {}, make("tr", {}, ...heads)), body);
  const note = make("p", { class: "course-timed-note" }, "Measured on this machine, just now; another run gives other figures.");
  const root = make("div", { class: "course-figure course-timed" }, table, note);
  const fill = () => body.replaceChildren(...model.get("rows").map(runRow));
  fill();
  return mount(el, root, follow(model, ["rows"], fill));
}

export default { render };
