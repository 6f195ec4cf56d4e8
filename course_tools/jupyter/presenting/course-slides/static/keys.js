// @ts-check
// What keys do on the wall. A figure, a card and code keep the keys they use; a presenter's remote moves from anywhere.

const KEYS = new Map([["ArrowRight", 1], ["ArrowDown", 1], [" ", 1], ["Enter", 1], ["ArrowLeft", -1], ["ArrowUp", -1]]);
const REMOTE = new Map([["PageDown", 1], ["PageUp", -1]]); // never a figure's
const OWN = "input, select, textarea, button, summary, .course-figure, .cm-editor"; // what keeps its arrows and letters
const CONTROLS = '.course-figure :is(input:checked, input:not([type="radio"]), select, button, [tabindex="0"]):not(:disabled)';

/** @typedef {{signal: AbortSignal, presenting: () => boolean, go: (step: number) => void, shown: () => HTMLElement[],
 *   activate: (cell: HTMLElement) => void, leave: () => void, runAgain: () => void}} Show */

/** @param {Show} show */
export function listen({ signal, presenting, go, shown, activate, leave, runAgain }) {
  /** Put the focus on the first control of this slide, else into its code; false where there is neither. */
  const enter = () => {
    const parts = [CONTROLS, ".jp-CodeCell .cm-content"].flatMap((what) => shown().flatMap((cell) => [...cell.querySelectorAll(what)]));
    const first = /** @type {HTMLElement | undefined} */ (parts.find((part) => part.checkVisibility({ visibilityProperty: true })));
    if (!first) return false;
    activate(/** @type {HTMLElement} */ (first.closest(".jp-Cell"))); // else JupyterLab would do it, and take the focus
    first.focus();
    return true;
  };
  const curtain = () => {
    const hung = document.querySelector(".course-curtain");
    if (hung) hung.remove();
    else document.body.append(Object.assign(document.createElement("div"), { className: "course-curtain" }));
  };

  /** @type {HTMLElement | null | undefined} */
  let left; // where Tab led out of a control, perhaps the last: beyond it is the page

  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (!presenting() || event.ctrlKey || event.altKey || event.metaKey) return;
    const { key, shiftKey } = event;
    const target = /** @type {HTMLElement} */ (event.target);
    const own = !target.matches(".course-verdict") && target.closest(OWN); // a verdict is read, and has no use for keys
    const back = left;
    left = own && key === "Tab" ? own.closest(".jp-Cell") : null;
    const step = REMOTE.get(key) ?? (own ? undefined : key === " " && shiftKey ? -1 : KEYS.get(key));
    if (step !== undefined) go(step);
    else if (own) return;
    else if (key === "Escape" && back) back.focus(); // as from inside the figure
    else if (key === "Escape") leave(); // wherever the focus was lost to
    else if (key === "b" || key === ".") curtain();
    else if (key === "r") runAgain();
    else if (key === "Tab" ? shiftKey || !enter() : key.length > 1 && key !== "F5") return; // JupyterLab's, or the browser's
    event.preventDefault(); // x is a command to JupyterLab, to delete the cell; F5, a remote's start, would load all anew
    event.stopPropagation();
  };
  window.addEventListener("keydown", onKey, { capture: true, signal });
}
