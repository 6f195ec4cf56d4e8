// What the pytest that runs these files wrote. Not a test.
import { readFileSync } from "node:fs";

export const fixtures = () => JSON.parse(readFileSync(process.env.COURSE_FIXTURES, "utf-8"));

/** Words for what JSON has no number for. */
export const numbers = (values) => values.map((value) => (typeof value === "string" ? Number(value.replace("inf", "Infinity")) : value));

/** The worst difference, relative where numbers are large; infinities and nan must stand at the same places. */
export function worst(found, wanted) {
  if (found.length !== wanted.length) return Infinity;
  return Math.max(0, ...[...found].map((value, at) => {
    if (Object.is(value, wanted[at]) || value === wanted[at]) return 0;
    const gap = Math.abs(value - wanted[at]) / Math.max(1, Math.abs(wanted[at]));
    return Number.isNaN(gap) ? Infinity : gap;
  }));
}

/** A model that holds what Python sent. */
export const holding = (state) => ({ get: (name) => decoded(state[name]) });

function decoded(value) {
  if (typeof value?.data !== "string") return value;
  const bytes = Buffer.from(value.data, "base64");
  const odd = new Uint8Array(bytes.length + 1); // as ipywidgets does, whose buffers may begin anywhere
  odd.set(bytes, 1);
  return { shape: value.shape, data: new DataView(odd.buffer, 1) };
}
