// @ts-check
// The two lists of tokens and the beams between them.

/** @typedef {{query: number | null, key: number | null}} Pin what is pinned or looked at: a query, a key, or both */
/** @typedef {{preview: (pin: Pin | null) => void, choose: (pin: Pin) => void}} Hands what a panel tells the figure */

const THICKEST = 0.7; // of the distance between two tokens
const MANY = 150; // more beams than this are drawn on a canvas: an element costs more than a stroke
const DASHED = 2; // pixels: dashes of a thinner beam nobody tells apart, and they cost most
const VISIBLE = 0.1; // pixels: a thinner beam is a tenth of a line of the faintest colour
const LEVELS = 63;
const DASHES = ["", "12 5", "3 4"];
// Okabe-Ito blue, vermilion, green, purple and their dark-theme kin, from 3:1 on the paper to more than 10:1.
const HEAD_COLOURS = {
  light: [["#499ac8", "#003350"], ["#dc7829", "#602a00"], ["#13a57d", "#004734"], ["#c675a2", "#5c364b"]],
  dark: [["#366885", "#bbe1f6"], ["#815c08", "#f5d999"], ["#067053", "#99d8c7"], ["#86526f", "#ebc9dc"]],
};

/** @param {number} head */
export function dashOf(head) {
  return DASHES[Math.floor(head / 4) % 3];
}

/** The colour of a head's beam: the stronger, the further from the paper.
 * @param {number} head @param {number} strength between 0 and 1 @param {boolean} dark */
export function beamColour(head, strength, dark) {
  const [faint, strong] = HEAD_COLOURS[dark ? "dark" : "light"][head % 4].map(channels);
  return cssColour(faint.map((part, c) => part + Math.min(1, strength) * (strong[c] - part)));
}

/** @param {boolean} dark @returns {(head: number, strength: number) => string} */
function palette(dark) {
  const known = new Map();
  return (head, strength) => {
    const level = Math.round(Math.min(1, strength) * LEVELS);
    const name = (head % 4) * 64 + level;
    if (!known.has(name)) known.set(name, beamColour(head, level / LEVELS, dark));
    return known.get(name);
  };
}

/** @param {Explored} all */
function makeSky(all) {
  const { pitch } = layoutOf(all);
  const height = pitch * Math.max(all.n_q, all.n_k);
  const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { "aria-hidden": "true" }));
  const drawing = shape("svg", { viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const sky = make("div", { class: "course-sky", style: `height:${height}px` }, canvas, drawing);
  /** @type {Element[]} */
  const pool = [];
  const middle = (/** @type {number} */ at) => (at + 0.5) * pitch;
  const thickness = (/** @type {Beam} */ beam) => THICKEST * pitch * Math.min(1, beam.weight / all.full);

  const dashed = (/** @type {Beam} */ beam) => (thickness(beam) < DASHED ? "" : dashOf(beam.head));

  /** @param {Beam[]} beams @param {(head: number, strength: number) => string} colour */
  const asShapes = (beams, colour) => {
    beams.forEach((beam, at) => {
      const [y0, y1] = [middle(beam.query), middle(beam.key)];
      const path = pool[at] ??= drawing.appendChild(shape("path", { fill: "none", "vector-effect": "non-scaling-stroke" }));
      path.setAttribute("d", `M0 ${y0}C33.3 ${y0} 66.7 ${y1} 100 ${y1}`);
      path.setAttribute("stroke-width", thickness(beam).toFixed(2));
      path.setAttribute("stroke", colour(beam.head, beam.weight / all.full));
      path.setAttribute("stroke-dasharray", dashed(beam));
      path.setAttribute("data-beam", `${beam.head} ${beam.query} ${beam.key}`);
    });
    for (let at = beams.length; at < pool.length; at++) pool[at].remove();
    pool.length = Math.min(pool.length, beams.length);
  };
  /** @param {Beam[]} beams @param {(head: number, strength: number) => string} colour */
  const asPixels = (beams, colour) => {
    const ratio = window.devicePixelRatio || 1;
    const width = sky.clientWidth || 200;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      pen.scale(ratio, ratio);
    }
    pen.clearRect(0, 0, width, height);
    /** One line through all that look alike. @param {Beam[]} alike */
    const stroke = (alike) => {
      pen.beginPath();
      for (const { query, key } of alike) {
        const [y0, y1] = [middle(query), middle(key)];
        pen.moveTo(0, y0);
        pen.bezierCurveTo(width / 3, y0, (2 * width) / 3, y1, width, y1);
      }
      const [beam] = alike;
      pen.lineWidth = thickness(beam);
      pen.strokeStyle = colour(beam.head, beam.weight / all.full);
      pen.setLineDash(dashed(beam).split(" ").filter(Boolean).map(Number));
      pen.stroke();
    };
    /** @type {Map<string, Beam[]>} thin beams by colour and by tenths of a pixel: a few lines instead of hundreds */
    const thin = new Map();
    const thick = beams.filter((beam) => {
      if (thickness(beam) >= DASHED) return true;
      const look = `${beam.head % 4} ${thickness(beam).toFixed(1)}`;
      if (!thin.has(look)) thin.set(look, []);
      thin.get(look)?.push(beam);
      return false;
    });
    thin.forEach((alike) => stroke(alike));
    thick.forEach((beam) => stroke([beam]));
  };
  let painted = false;
  /** @param {Beam[]} found */
  const draw = (found) => {
    const visible = found.filter((beam) => thickness(beam) >= VISIBLE);
    const beams = visible.sort((a, b) => a.weight - b.weight); // the strongest in front
    const [few, many] = beams.length > MANY ? [[], beams] : [beams, []];
    asShapes(few, palette(isDark()));
    if (many.length || painted) asPixels(many, palette(isDark()));
    painted = many.length > 0;
  };
  return { sky, draw };
}

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
  const { sky, draw } = makeSky(all);
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
  return {
    panel, undo,
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
