// @ts-check
// Thousands of beams as pixels. A canvas's own strokes cost ten times as much where curves cross by the hundred.

/** @typedef {{from: number, to: number, thickness: number, colour: number[], dash: number[]}} Stroke heights where it starts
 *   and ends, thickness and dash in pixels, colour as red, green, blue from 0 to 255 */

const FULL = 256; // what a pixel's cover is counted in, so that a shift divides by it
const ENDS = 0xff00ff; // red and blue of a pixel: they have room to be mixed in one multiplication

/** Draw beams from the left edge to the right one, each over those before. The control points of their curve lie at
 * thirds of the width, so that across the width it is `from + (to - from) (3 t^2 - 2 t^3)`: a column needs no root found.
 * @param {Uint32Array} pixels opaque, a byte for each channel, red the lowest
 * @param {number} width @param {number} height @param {Stroke[]} strokes */
export function rasterize(pixels, width, height, strokes) {
  const places = Float64Array.from({ length: width }, (_, x) => (x + 0.5) / width);
  const shares = places.map((t) => t * t * (3 - 2 * t));
  const steepness = places.map((t) => (6 * t * (1 - t)) / width); // of a beam that rises by one pixel in all
  for (const { from, to, thickness, colour: [red, green, blue], dash: [on, off] } of strokes) {
    const ends = red | (blue << 16);
    const middle = green << 8;
    const whole = 0xff000000 | ends | middle;
    let walked = 0;
    for (let x = 0; x < width; x++) {
      const rise = (to - from) * steepness[x];
      const longer = Math.sqrt(1 + rise * rise);
      if (on) {
        const place = (walked + longer / 2) % (on + off);
        walked += longer;
        if (place >= on) continue;
      }
      const y = from + (to - from) * shares[x];
      const half = (thickness * longer) / 2; // as tall as a slanted beam is in this column
      const top = Math.max(0, y - half);
      const bottom = Math.min(height, y + half);
      for (let row = Math.floor(top); row < bottom; row++) {
        const cover = (FULL * (Math.min(bottom, row + 1) - Math.max(top, row)) + 0.5) | 0;
        const at = row * width + x;
        if (cover === FULL) {
          pixels[at] = whole;
          continue;
        }
        const behind = pixels[at];
        const mixedEnds = (Math.imul(ends, cover) + Math.imul(behind & ENDS, FULL - cover)) >>> 8;
        const mixedMiddle = (Math.imul(middle, cover) + Math.imul(behind & 0xff00, FULL - cover)) >>> 8;
        pixels[at] = 0xff000000 | (mixedEnds & ENDS) | (mixedMiddle & 0xff00);
      }
    }
  }
}
