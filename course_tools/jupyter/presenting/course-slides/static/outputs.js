// @ts-check
// What code printed waits for a key, though all cells ran when the show began: "Which key scores highest?" is asked
// before the wall tells it. Figures do not wait, nor what comes as a fragment, which waited already.

/** @param {any} app @param {any} book the notebook
 * @param {(cell: any) => string | null} typeOf @param {(node: HTMLElement) => boolean} holdsFigure */
export function outputsOf(app, book, typeOf, holdsFigure) {
  const seen = new Set(); // cells whose output the room has seen: going back it is there
  const isCode = (/** @type {any} */ cell) => cell.model.type === "code" && !holdsFigure(cell.node);
  const shown = () => book.widgets.filter((/** @type {any} */ cell) => isCode(cell) && cell.node.classList.contains("course-reached"));
  const waits = (/** @type {any} */ cell) => isCode(cell) && !typeOf(cell) && !seen.has(cell) && cell.model.outputs.length > 0;
  return {
    /** Hide what still waits. @param {HTMLElement[]} nodes the cells of this slide */
    mark(nodes) {
      for (const cell of book.widgets) cell.node.classList.toggle("course-unrun", nodes.includes(cell.node) && waits(cell));
    },
    /** Show the first output that waits on this slide; false if there is none. */
    showNext() {
      const cell = shown().find(waits);
      if (!cell) return false;
      seen.add(cell);
      cell.node.classList.remove("course-unrun");
      return true;
    },
    /** Run the code on this slide once more, with what somebody typed or painted since. */
    async runAgain() {
      const index = book.activeCellIndex;
      for (const cell of shown()) {
        book.activeCellIndex = book.widgets.indexOf(cell);
        await app.commands.execute("notebook:run-cell");
        seen.add(cell);
      }
      book.activeCellIndex = index;
    },
  };
}
