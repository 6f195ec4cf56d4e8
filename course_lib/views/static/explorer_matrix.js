// @ts-check
// The same weights as cells: a row asks, a column is looked at. Above 32 tokens they are pixels of a canvas.

/** Where a key moves the focus in rows from -1 (the header) to n_q - 1, or null for a key that it does not use.
 * @param {string} key @param {number} q @param {number} k @param {number} n_q @param {number} n_k @returns {number[] | null} */
export function gridGoal(key, q, k, n_q, n_k) {
  /** @type {Record<string, number[]>} */
  const goals = {
    ArrowUp: [q - 1, k], ArrowDown: [q + 1, k], ArrowLeft: [q, k - 1], ArrowRight: [q, k + 1],
    Home: [q, q < 0 ? 0 : -1], End: [q, n_k - 1], PageUp: [Math.max(q - 8, k < 0 ? 0 : -1), k], PageDown: [Math.min(q + 8, n_q - 1), k],
  };
  if (!Object.hasOwn(goals, key)) return null;
  const [row, column] = goals[key];
  const inside = row >= -1 && row < n_q && column >= -1 && column < n_k && (row >= 0 || column >= 0);
  return inside ? [row, column] : [q, k];
}

/** @param {Explored} all @param {Hands} hands */
function matrixPanel(all, hands) {
  const { n_q, n_k } = all;
  const { most, cell, head } = layoutOf(all);
  const size = `--head:${head}px;width:${head + n_k * cell}px;height:${head + n_q * cell}px`;
  const grid = make("div", {
    role: "grid", class: most <= WORDS ? "course-cells course-lined" : "course-cells", style: size, "aria-rowcount": n_q + 1, "aria-colcount": n_k + 1,
    "aria-label": "weights: a row asks, a column is looked at",
  });
  const frames = ["row", "column", "cell"].map((name) => make("div", { class: `course-frame course-frame-${name}`, hidden: "" }));
  /** @type {Float64Array} */
  let mean = new Float64Array(n_q * n_k);
  let at = [0, 0];
  const nameOf = (/** @type {number} */ q, /** @type {number} */ k) => {
    const [queries, keys] = all.names;
    if (q < 0) return `who looks at ${keys[k]}`;
    return k < 0 ? `where ${queries[q]} looks` : `${queries[q]} looks at ${keys[k]}: ${weightText(mean[q * n_k + k])}`;
  };
  const roleOf = (/** @type {number} */ q, /** @type {number} */ k) => (q < 0 ? "columnheader" : k < 0 ? "rowheader" : "gridcell");
  const place = (/** @type {number} */ q, /** @type {number} */ k) => ({
    left: k < 0 ? 0 : head + k * cell, top: q < 0 ? 0 : head + q * cell, width: k < 0 ? head : cell, height: q < 0 ? head : cell,
  });
  const css = (/** @type {Record<string, number>} */ box) => Object.entries(box).map(([name, px]) => `${name}:${px}px`).join(";");
  /** @param {HTMLElement} item @param {number} q @param {number} k */
  const dress = (item, q, k) => {
    const attributes = { role: roleOf(q, k), "aria-label": nameOf(q, k), "aria-colindex": k + 2, style: css(place(q, k)) };
    for (const [name, value] of Object.entries(attributes)) item.setAttribute(name, String(value));
  };

  /** Every cell an element. */
  const asElements = () => {
    /** @type {Map<string, HTMLElement>} */
    const cells = new Map();
    for (let q = -1; q < n_q; q++) {
      const row = make("div", { role: "row", "aria-rowindex": q + 2 });
      for (let k = q < 0 ? 0 : -1; k < n_k; k++) {
        const word = q < 0 ? all.tokens[1][k] : k < 0 ? all.tokens[0][q] : "";
        const item = make("div", { tabindex: -1, class: q < 0 ? "course-top" : k < 0 ? "course-left" : "course-cell" },
          make("span", {}, most <= WORDS ? word : ""));
        dress(item, q, k);
        cells.set(`${q} ${k}`, item);
        row.append(item);
      }
      grid.append(row);
    }
    const find = (/** @type {number} */ q, /** @type {number} */ k) => /** @type {HTMLElement} */ (cells.get(`${q} ${k}`));
    const paint = () => {
      for (let q = 0; q < n_q; q++) {
        for (let k = 0; k < n_k; k++) {
          const weight = mean[q * n_k + k];
          const item = find(q, k);
          const colour = shade(weight / all.full, isDark());
          item.style.background = cssColour(colour);
          item.style.color = inkOn(colour);
          item.setAttribute("aria-label", nameOf(q, k));
          if (cell >= 36) /** @type {HTMLElement} */ (item.firstChild).textContent = weightText(weight).replace(/^.*⁻.*$/, "≈0");
        }
      }
    };
    return { find, paint };
  };
  /** Every cell a pixel, made larger; the one with the focus is an element that moves. */
  const asPixels = () => {
    const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { width: n_k, height: n_q, "aria-hidden": "true",
      style: css({ left: head, top: head, width: n_k * cell, height: n_q * cell }) }));
    const item = make("div", { class: "course-cell course-moving", tabindex: 0 });
    const row = make("div", { role: "row" }, item);
    grid.append(canvas, row);
    for (const side of ["top", "left"]) grid.append(make("div", { class: `course-strip-${side}`, "aria-hidden": "true" }));
    const find = (/** @type {number} */ q, /** @type {number} */ k) => {
      row.setAttribute("aria-rowindex", String(q + 2));
      dress(item, q, k);
      return item;
    };
    const paint = () => {
      const pen = canvas.getContext("2d");
      if (!pen) return;
      const pixels = pen.createImageData(n_k, n_q);
      const dark = isDark();
      const shades = Array.from({ length: 256 }, (_, level) => shade(level / 255, dark).map((part) => Math.round(255 * part)));
      mean.forEach((weight, spot) => {
        const level = Math.round(255 * Math.min(1, weight / all.full));
        pixels.data.set([...shades[level], 255], 4 * spot);
      });
      pen.putImageData(pixels, 0, 0);
      find(at[0], at[1]);
    };
    return { find, paint };
  };
  const { find, paint } = most <= CELLS ? asElements() : asPixels();
  grid.append(make("div", { class: "course-frames" }, ...frames)); // apart, so that a frame that moves lays out no cell anew

  /** @param {MouseEvent} event @returns {Pin | null} */
  const pinOf = (event) => {
    const box = grid.getBoundingClientRect();
    const ratio = box.width / (head + n_k * cell) || 1;
    const k = Math.max(-1, Math.floor(((event.clientX - box.left) / ratio - head) / cell));
    const q = Math.max(-1, Math.floor(((event.clientY - box.top) / ratio - head) / cell));
    if (q >= n_q || k >= n_k || (q < 0 && k < 0)) return null;
    return { query: q < 0 ? null : q, key: k < 0 ? null : k };
  };
  const pinAt = () => ({ query: at[0] < 0 ? null : at[0], key: at[1] < 0 ? null : at[1] });
  /** @param {number} q @param {number} k */
  const settle = (q, k) => {
    find(at[0], at[1]).setAttribute("tabindex", "-1");
    at = [q, k];
    const item = find(q, k);
    item.setAttribute("tabindex", "0");
    return item;
  };
  settle(0, 0);
  grid.addEventListener("pointermove", (event) => hands.preview(pinOf(event)));
  grid.addEventListener("pointerleave", () => hands.preview(null));
  grid.addEventListener("click", (event) => {
    const pin = pinOf(event);
    if (!pin) return;
    settle(pin.query ?? -1, pin.key ?? -1).focus({ preventScroll: true });
    hands.choose(pin);
  });
  grid.addEventListener("keydown", (event) => {
    if (belongsOutside(event)) return;
    const goal = gridGoal(event.key, at[0], at[1], n_q, n_k);
    if (goal) {
      event.preventDefault();
      settle(goal[0], goal[1]).focus();
      hands.preview(pinAt());
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      hands.choose(pinAt());
    }
  });

  /** @type {HTMLElement | null} */
  let selected = null;
  return {
    panel: make("div", { class: "course-matrix" }, make("div", { class: "course-over", "aria-hidden": "true" },
      make("span", {}, "row asks, column is looked at")), grid),
    /** @param {Float64Array} weights */
    paint(weights) {
      mean = weights;
      paint();
    },
    /** @param {Pin} now @param {Pin} pinned */
    mark({ query, key }, pinned) {
      const [row, column, one] = frames;
      const across = { left: 0, width: head + n_k * cell };
      const down = { top: 0, height: head + n_q * cell };
      const same = query === pinned.query && key === pinned.key;
      /** @param {HTMLElement} frame @param {Record<string, number> | null} box */
      const put = (frame, box) => {
        frame.hidden = !box;
        frame.classList.toggle("course-pinned", same);
        if (box) frame.style.cssText = css(box);
      };
      put(row, query === null ? null : { ...place(query, 0), ...across });
      put(column, key === null ? null : { ...place(0, key), ...down });
      put(one, query === null || key === null ? null : place(query, key));
      selected?.removeAttribute("aria-selected");
      const pin = pinned.query !== null || pinned.key !== null ? [pinned.query ?? -1, pinned.key ?? -1] : null;
      const shown = pin && (most <= CELLS || (pin[0] === at[0] && pin[1] === at[1]));
      selected = shown ? find(pin[0], pin[1]) : null;
      selected?.setAttribute("aria-selected", "true");
    },
  };
}
