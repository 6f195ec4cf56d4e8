// @ts-check
// Beside one figure, texts may take turns: a cell that is a turn takes the place of the words before it, whose headings
// stay. So a figure with much to try has large type. Figures never go.

/** Number the turns of a slide: the words that stand with each cell. @param {any[]} cells its cells
 * @returns {Map<HTMLElement, number>} */
export function turnsOf(cells) {
  let turn = 0;
  return new Map(cells.map((cell) => [cell.node, (turn += cell.model.sharedModel.getMetadata("slideshow")?.turn ? 1 : 0)]));
}

/** Show the words of one turn. @param {Map<HTMLElement, number>} turns @param {number} now */
export function showTurn(turns, now) {
  for (const [cell, turn] of turns) {
    const words = !cell.classList.contains("course-figure-cell");
    cell.classList.toggle("course-past", words && turn < now);
    cell.classList.toggle("course-ahead", words && turn > now);
  }
}
