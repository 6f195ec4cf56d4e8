// @ts-check
// The beams between the two lists: a few as elements, many as pixels.

const THICKEST = 0.7; // of the distance between two tokens
const MANY = 150; // more beams than this are pixels of a canvas: an element costs more
const DASHED = 2; // pixels: dashes of a thinner beam nobody tells apart
const VISIBLE = 0.2; // pixels: among so many a thinner beam is not seen, and half of them are thinner
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

/** The colour of a head's beam, as channels: the stronger, the further from the paper.
 * @param {number} head @param {number} strength between 0 and 1 @param {boolean} dark */
function beamChannels(head, strength, dark) {
  const [faint, strong] = HEAD_COLOURS[dark ? "dark" : "light"][head % 4].map(channels);
  return faint.map((part, c) => part + Math.min(1, strength) * (strong[c] - part));
}

/** @param {number} head @param {number} strength between 0 and 1 @param {boolean} dark */
export function beamColour(head, strength, dark) {
  return cssColour(beamChannels(head, strength, dark));
}

/** The same in as many steps as an eye tells apart, from 0 to 255. @param {boolean} dark */
function palette(dark) {
  const steps = (/** @type {number} */ head) => Array.from({ length: LEVELS + 1 }, (_, level) =>
    beamChannels(head, level / LEVELS, dark).map((part) => Math.round(255 * part)));
  const colours = HEAD_COLOURS.light.map((_, head) => steps(head));
  return (/** @type {number} */ head, /** @type {number} */ strength) => colours[head % 4][Math.round(LEVELS * Math.min(1, strength))];
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

  /** @param {Beam[]} beams */
  const asShapes = (beams) => {
    beams.forEach((beam, at) => {
      const [y0, y1] = [middle(beam.query), middle(beam.key)];
      const path = pool[at] ??= drawing.appendChild(shape("path", { fill: "none", "vector-effect": "non-scaling-stroke" }));
      path.setAttribute("d", `M0 ${y0}C33.3 ${y0} 66.7 ${y1} 100 ${y1}`);
      path.setAttribute("stroke-width", thickness(beam).toFixed(2));
      path.setAttribute("stroke", beamColour(beam.head, beam.weight / all.full, isDark()));
      path.setAttribute("stroke-dasharray", dashed(beam));
      path.setAttribute("data-beam", `${beam.head} ${beam.query} ${beam.key}`);
    });
    for (let at = beams.length; at < pool.length; at++) pool[at].remove();
    pool.length = Math.min(pool.length, beams.length);
  };
  /** @type {Beam[]} */
  let many = [];
  /** @type {ImageData | null} */
  let image = null;
  /** The part of them that is in sight: a tall list scrolls under its canvas. */
  const asPixels = () => {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [wide, high] = [canvas.clientWidth, canvas.clientHeight].map((length) => Math.round(ratio * length));
    const pen = canvas.getContext("2d", { willReadFrequently: true }); // it stays where its pixels are written
    if (!pen || !wide) return; // not on the page yet: the observer calls
    if (canvas.width !== wide || canvas.height !== high || !image) {
      Object.assign(canvas, { width: wide, height: high });
      image = pen.createImageData(wide, high);
    }
    pen.fillStyle = getComputedStyle(canvas).getPropertyValue("--course-paper");
    pen.fillRect(0, 0, 1, 1);
    const [paper] = new Uint32Array(pen.getImageData(0, 0, 1, 1).data.buffer);
    const pixels = new Uint32Array(image.data.buffer).fill(paper);
    const colour = palette(isDark());
    const above = canvas.offsetTop;
    rasterize(pixels, wide, high, many.map((beam) => ({
      from: ratio * (middle(beam.query) - above), to: ratio * (middle(beam.key) - above), thickness: ratio * thickness(beam),
      colour: colour(beam.head, beam.weight / all.full),
      dash: dashed(beam).split(" ").filter(Boolean).map((part) => ratio * Number(part)),
    })));
    pen.putImageData(image, 0, 0);
  };
  const redraw = () => {
    if (many.length) asPixels();
  };
  const observer = globalThis.ResizeObserver ? new ResizeObserver(redraw) : null;
  observer?.observe(canvas);
  return {
    sky, redraw,
    stop: () => observer?.disconnect(),
    /** @param {Beam[]} found */
    draw(found) {
      const drawn = found.length > MANY ? found.filter((beam) => thickness(beam) >= VISIBLE) : [...found];
      const beams = drawn.sort((a, b) => a.weight - b.weight); // the strongest in front
      many = found.length > MANY ? beams : [];
      asShapes(found.length > MANY ? [] : beams);
      canvas.style.visibility = many.length ? "visible" : "hidden";
      redraw();
    },
  };
}
