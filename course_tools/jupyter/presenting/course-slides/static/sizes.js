// @ts-check
// The largest size at which a figure fits, found in as few layouts as can be.

/** @typedef {{height: number, out: boolean, drawn: number}} Tried a figure at a size: is it too wide for its place?
 * @typedef {((size: number) => Tried) & {sizes: () => number[]}} Try to lay out a large figure is what takes the time */

/** The same, each size tried once. @param {(size: number) => Tried} tried @returns {Try} */
export function remember(tried) {
  /** @type {Map<number, Tried>} */
  const known = new Map();
  const remembered = (/** @type {number} */ size) => {
    const seen = known.get(size) ?? tried(size);
    known.set(size, seen);
    return seen;
  };
  return Object.assign(remembered, { sizes: () => [...known.keys()] });
}

/** The largest of the sizes between low and high that is no wider than its place and no higher than the room; 0 where
 * low is. @param {number} low @param {number} high @param {number} room @param {Try} tried */
export function largest(low, high, room, tried) {
  const fits = (/** @type {number} */ size) => !tried(size).out && tried(size).height <= room;
  if (!fits(low)) return 0;
  if (fits(high)) return high;
  const narrow = (/** @type {number} */ size) => {
    if (size > low && size < high && fits(size)) low = size;
    else if (size > low && size < high) high = size;
  };
  for (const size of tried.sizes()) narrow(size); // for another room
  for (let step = 0; high - low > 0.02; step++) {
    const grown = tried(high).height - tried(low).height;
    const share = (room - tried(low).height) / grown - 0.01; // as if it grew evenly, and a little less
    const even = !tried(high).out && grown > 0 && step % 2 === 0;
    narrow(even ? low + Math.min(0.9, Math.max(0.1, share)) * (high - low) : (low + high) / 2);
  }
  return low;
}
