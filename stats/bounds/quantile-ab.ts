import { findMinimum } from "../special/find-root.ts";
import { at, requireFinite, requirePositive, requireShare, requireSome } from "../special/require-number.ts";
import type { LogMixture } from "./beta-binomial-mixture.ts";
import { betaBinomialMixture } from "./beta-binomial-mixture.ts";

/** Values of two arms, in any order, and the quantile to compare. */
export interface QuantileArms {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Level of the quantile, between 0 and 1. */
  readonly level: number;
  /** Number of observations of an arm at which the test is sharpest, at level 0.05. */
  readonly optimalCount: number;
}

/**
 * Always-valid p-value against the hypothesis that a quantile is the same in both arms: the least that two beta-binomial mixtures
 * say together about any value that it could have. Howard and Ramdas, Bernoulli 2022, arXiv 1906.09712.
 */
export const quantileAbPValue = ({ first, second, level, optimalCount }: QuantileArms): number => {
  requireShare("level", level);
  requirePositive("optimalCount", optimalCount);
  const mixture = betaBinomialMixture({
    optimalVariance: optimalCount * level * (1 - level),
    optimalAlpha: 0.05,
    g: level,
    h: 1 - level,
  });
  const arms = [first, second].map((values) => armOf(values, level, mixture));
  const least = [...first, ...second].reduce((low, x) => {
    const together = arms.reduce((sum, evidenceAt) => sum + evidenceAt(x), 0);
    return Math.min(low, together);
  }, Number.POSITIVE_INFINITY);
  return Math.min(1, Math.exp(-least));
};

/** ln of an arm's evidence against the quantile being x. At a jump of its distribution it may be anything in between: the least. */
const armOf = (values: readonly number[], level: number, mixture: LogMixture): ((x: number) => number) => {
  const sorted = requireSome("an arm", values)
    .map((value) => requireFinite("a value", value))
    .toSorted((a, b) => a - b);
  const count = sorted.length;
  const evidence = (share: number): number => mixture((share - level) * count, level * (1 - level) * count);
  const best = findMinimum(evidence, { low: 0, high: 1 });
  return (x) => {
    const below = countUntil(sorted, (value) => value < x) / count;
    const upTo = countUntil(sorted, (value) => value <= x) / count;
    return evidence(Math.min(Math.max(best, below), upTo));
  };
};

/** How many values at the beginning of a sorted list are before a border. */
const countUntil = (sorted: readonly number[], isBefore: (value: number) => boolean): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(at(sorted, middle))) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};
