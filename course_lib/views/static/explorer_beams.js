// @ts-check
// The two lists of tokens, with the beams between them.

/** @typedef {{query: number | null, key: number | null}} Pin what is pinned or looked at: a query, a key, or both */
/** @typedef {{preview: (pin: Pin | null) => void, choose: (pin: Pin) => void}} Hands what a panel tells the figure */

/** Change the text that stands there, and make no new node: styles stay as they are. @param {HTMLElement} span @param {string} text */
function setText(span, text) {
  const node = /** @type {Text | null} */ (span.firstChild);
  if (!node) span.textContent = text;
  else if (node.data !== text) node.data = text;
}

/** A list of tokens with room for a weight at each. @param {string} name @param {string[]} tokens @param {number} pitch */
function makeList(name, tokens, pitch) {
  const weights = tokens.map(() => make("span", { class: "course-weight" }));
  const items = tokens.map((token, at) => make(
    "div", { role: "option", "aria-selected": "false", tabindex: at ? -1 : 0, title: token, style: `height:${pitch}px` },
    make("span", { class: "course-token" }, token), weights[at],
  ));
  const list = make("div", { role: "listbox", "aria-label": name, class: "course-tokens" }, ...items);
  let [on, chosen] = /** @type {(number | null)[]} */ ([null, null]);
  let written = false;
  return {
    list, items,
    /** @param {number | null} now @param {number | null} pinned */
    mark(now, pinned) {
      if (now !== on) {
        if (on !== null) items[on].classList.remove("course-on");
        if (now !== null) items[now].classList.add("course-on");
      }
      if (pinned !== chosen) {
        if (chosen !== null) items[chosen].setAttribute("aria-selected", "false");
        if (pinned !== null) items[pinned].setAttribute("aria-selected", "true");
      }
      [on, chosen] = [now, pinned];
    },
    /** @param {((at: number) => string) | null} text */
    write(text) {
      if (text || written) weights.forEach((span, at) => setText(span, text ? text(at) : ""));
      written = Boolean(text);
    },
  };
}

/** @param {Explored} all @param {Hands} hands */
function beamPanel(all, hands) {
  const { pitch, head, most } = layoutOf(all);
  const queries = makeList("queries: who asks", all.tokens[0], pitch);
  const keys = makeList("keys: who is looked at", all.tokens[1], pitch);
  const { sky, draw, redraw, stop } = makeSky(all);
  queries.list.classList.add("course-queries");
  const panel = make("div", { class: most > CELLS ? "course-beams course-tall" : "course-beams", style: `--head:${head}px` },
    make("div", { class: "course-over", "aria-hidden": "true" }, make("span", {}, "asks"), make("span", {}, "is looked at")),
    make("div", { class: "course-between" }, queries.list, sky, keys.list));
  const undo = [queries, keys].map(({ list, items }, side) => {
    /** @param {EventTarget | null} target @returns {Pin | null} */
    const pinOf = (target) => {
      const item = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (target).closest?.("[role=option]"));
      const at = item ? items.indexOf(item) : -1;
      return at < 0 ? null : side ? { query: null, key: at } : { query: at, key: null };
    };
    list.addEventListener("pointerover", (event) => hands.preview(pinOf(event.target)));
    list.addEventListener("pointerleave", () => hands.preview(null));
    list.addEventListener("click", (event) => {
      const pin = pinOf(event.target);
      if (pin) hands.choose(pin);
    });
    list.addEventListener("keydown", (event) => {
      if (belongsOutside(event) || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      const pin = pinOf(event.target);
      if (pin) hands.choose(pin);
    });
    return rove(list, "[role=option]", { moved: (item) => hands.preview(pinOf(item)) });
  });
  panel.addEventListener("scroll", redraw, { passive: true });
  return {
    panel, undo: [...undo, stop],
    /** @param {Pin} now @param {Pin} pinned @param {Beam[]} beams @param {Float64Array} mean */
    show(now, pinned, beams, mean) {
      const { query, key } = now;
      draw(beams);
      queries.mark(query, pinned.query);
      keys.mark(key, pinned.key);
      const weight = (/** @type {number} */ q, /** @type {number} */ k) => weightText(mean[q * all.n_k + k]);
      keys.write(query === null ? null : (at) => (key === null || key === at ? weight(query, at) : ""));
      queries.write(query !== null || key === null ? null : (at) => weight(at, key));
    },
    /** Bring what was chosen elsewhere into sight, without moving the page. @param {Pin} pin */
    reveal({ query, key }) {
      const rows = [query, key].filter((at) => at !== null);
      if (panel.scrollHeight <= panel.clientHeight || !rows.length) return;
      const middle = pitch * (0.5 + rows.reduce((sum, at) => sum + Number(at), 0) / rows.length);
      panel.scrollTop = middle - panel.clientHeight / 2;
    },
  };
}
