import type { Values } from "./drift-series.ts";
import { countOf } from "./drift-series.ts";

/** Values that were drawn, and those that are left. */
export interface Drawn {
  readonly drawn: Values;
  readonly left: Values;
}

/**
 * Draws `count` values at random without replacement, all of them when there are no more. The same seed draws the same: who
 * concludes a minute again after a crash must conclude the same.
 */
export const drawValues = (values: Values, count: number, seed: string): Drawn => {
  const random = randomFrom(seed);
  const names = Object.keys(values).sort();
  const left = names.map((name) => values[name] ?? 0);
  const drawn = names.map(() => 0);
  let remaining = countOf(values);
  for (let draws = Math.min(count, remaining); draws > 0; draws -= 1) {
    let rank = Math.floor(random() * remaining);
    const at = left.findIndex((each) => {
      rank -= each;
      return rank < 0;
    });
    left[at] = (left[at] ?? 0) - 1;
    drawn[at] = (drawn[at] ?? 0) + 1;
    remaining -= 1;
  }
  return { drawn: valuesOf(names, drawn), left: valuesOf(names, left) };
};

const valuesOf = (names: readonly string[], counts: readonly number[]): Values =>
  Object.fromEntries(names.flatMap((name, index) => ((counts[index] ?? 0) > 0 ? [[name, counts[index] ?? 0]] : [])));

/** Numbers from 0 up to 1 that the seed alone decides: FNV-1a of it, then SplitMix32 (Steele, Lea and Flood, OOPSLA 2014). */
export const randomFrom = (seed: string): (() => number) => {
  let state = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193);
  }
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
};
