import type { MatchedValue } from "../../stats/evidence/capped-mean.ts";
import { binValue } from "../../stats/histogram/bin.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";

/** More comparisons than these in one look are made of means over groups in both arms. */
const mostMatches = 1_000;

/** The values of a histogram, each as the middle of its bin, plus a surcharge. */
export const valuesOf = ({ bins, counts }: Histogram, surcharge = 0): readonly number[] => {
  const values: number[] = [];
  for (const [index, bin] of bins.entries()) {
    const value = binValue(bin) + surcharge;
    for (let left = counts[index] ?? 0; left > 0; left -= 1) {
      values.push(value);
    }
  }
  return values;
};

/**
 * Compares groups of values of the candidate with groups of the baseline of the same look; no value is in two groups. The arm with
 * fewer values has groups of one, unless there are very many. A histogram has lost the order in which values came, so that the seed
 * gives them one: the same seed the same, for who repeats a look after a crash must conclude the same. Empty when an arm is.
 */
export const matchValues = (args: {
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
  /** Values count as at most this. */
  readonly cap: number;
  readonly seed: string;
}): readonly MatchedValue[] => {
  const matches = Math.min(args.candidate.length, args.baseline.length, mostMatches);
  const random = numbersFrom(args.seed);
  const [candidate, baseline] = [args.candidate, args.baseline].map((values) => {
    const capped = values.map((value) => Math.min(value, args.cap));
    const size = matches === 0 ? 0 : Math.floor(values.length / matches);
    return groupsOf(shuffled(capped, random), { matches, size });
  });
  return Array.from({ length: matches }, (_, index) => ({
    value: meanOf(candidate?.[index] ?? []),
    baseline: baseline?.[index] ?? [],
  }));
};

const groupsOf = (
  values: readonly number[],
  { matches, size }: { readonly matches: number; readonly size: number },
): readonly (readonly number[])[] =>
  Array.from({ length: matches }, (_, index) => values.slice(index * size, (index + 1) * size));

/** The mean of some values; NaN of none. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Fisher and Yates, in Durstenfeld's form. */
const shuffled = (values: readonly number[], random: () => number): readonly number[] => {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] ?? 0, mixed[last] ?? 0];
  }
  return mixed;
};

/** Numbers from 0 up to 1 that the seed alone decides: FNV-1a of it, then Marsaglia's xorshift. */
const numbersFrom = (seed: string): (() => number) => {
  let state = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};
