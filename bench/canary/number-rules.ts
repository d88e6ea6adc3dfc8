import { asymptoticRadius } from "../../stats/bounds/asymptotic-radius.ts";
import { betaBinomialMixture } from "../../stats/bounds/beta-binomial-mixture.ts";
import { iteratedLogarithmBound } from "../../stats/bounds/iterated-logarithm-bound.ts";
import { isHigh } from "./kayenta.ts";
import type { NumberCounts, Rule, Watch } from "./rule.ts";
import { afterFailures, every } from "./rule.ts";

const level = 0.95;
const leastRequests = 100;
/** Requests of the candidate at which the tests of others are tuned to be sharpest. */
const optimalCount = 500;
const oneSided = 1.6449;

/** Number of all values. */
const totalOf = (counts: Int32Array): number => counts.reduce((sum, count) => sum + count, 0);

/** The place below or at which a share of the values lies. */
export const quantilePlace = (counts: Int32Array, share: number): number => {
  const rank = Math.max(1, share * totalOf(counts));
  let below = 0;
  return counts.findIndex((count) => {
    below += count;
    return below >= rank;
  });
};

/** Adds up minutes and judges the sums. */
const onSums = (places: number, isRolledBack: (sums: NumberCounts) => boolean): Watch<NumberCounts> => {
  const empty = (): Int32Array => new Int32Array(places);
  const sums = { candidate: empty(), baseline: empty(), twin: empty() };
  return (minute) => {
    for (let place = 0; place < places; place += 1) {
      sums.candidate[place] = (sums.candidate[place] ?? 0) + (minute.candidate[place] ?? 0);
      sums.baseline[place] = (sums.baseline[place] ?? 0) + (minute.baseline[place] ?? 0);
    }
    return isRolledBack(sums);
  };
};

/**
 * Howard and Ramdas: both arms' evidence against a common quantile, at the value that speaks least. The values of a bin count as one, as
 * in `quantileAbPValue`: an arm's share may then be anything that the bin spans.
 */
export const quantileEvidence = ({ candidate, baseline }: NumberCounts): number => {
  const [from, to] = [quantilePlace(baseline, level), quantilePlace(candidate, level)];
  if (to <= from) {
    return 0;
  }
  const arms = [candidate, baseline].map((counts) => ({ counts, n: totalOf(counts) }));
  const against = (place: number): number =>
    arms.reduce((sum, { counts, n }) => {
      const upTo = shareUpTo(counts, place, n);
      const share = Math.min(Math.max(level, upTo - (counts[place] ?? 0) / n), upTo);
      return sum + mixture((share - level) * n, level * (1 - level) * n);
    }, 0);
  return Math.max(0, Math.min(...Array.from({ length: to - from + 1 }, (_, index) => against(from + index))));
};

const mixture = betaBinomialMixture({
  optimalVariance: optimalCount * level * (1 - level),
  optimalAlpha: 0.05,
  g: level,
  h: 1 - level,
});

const shareUpTo = (counts: Int32Array, place: number, n: number): number => {
  let sum = 0;
  for (let index = 0; index <= place; index += 1) {
    sum += counts[index] ?? 0;
  }
  return sum / n;
};

/** The largest amount by which the candidate's distribution function lies below the baseline's. */
export const largestGap = ({ candidate, baseline }: NumberCounts): number => {
  const [n, m] = [totalOf(candidate), totalOf(baseline)];
  let [below, otherBelow, gap] = [0, 0, 0];
  for (let place = 0; place < candidate.length; place += 1) {
    below += (candidate[place] ?? 0) / n;
    otherBelow += (baseline[place] ?? 0) / m;
    gap = Math.max(gap, otherBelow - below);
  }
  return gap;
};

/** `iteratedLogarithmBound` of either arm at half of 5%, with its constant found once. */
const bandBy = (): ((count: number) => number) => {
  const width = 0.85;
  const first = iteratedLogarithmBound(leastRequests, { alpha: 0.025, from: leastRequests, width });
  const constant = (first / width) ** 2 * leastRequests;
  return (count) =>
    count < leastRequests
      ? Number.POSITIVE_INFINITY
      : width * Math.sqrt((Math.log1p(Math.log(count / leastRequests)) + constant) / count);
};

/** Number, mean and variance of values at places. */
const momentsOf = (counts: Int32Array, values: readonly number[]) => {
  const n = totalOf(counts);
  const mean = counts.reduce((sum, count, place) => sum + count * (values[place] ?? 0), 0) / n;
  const variance = counts.reduce((sum, count, place) => sum + count * ((values[place] ?? 0) - mean) ** 2, 0) / n;
  return { n, mean, variance };
};

const isMeanAbove = ({ candidate, baseline }: NumberCounts, values: readonly number[]): boolean => {
  const [one, other] = [momentsOf(candidate, values), momentsOf(baseline, values)];
  const deviation = Math.sqrt(one.variance + (other.variance * one.n) / other.n);
  const radius = asymptoticRadius({ count: one.n, deviation, alpha: 0.05, optimalCount });
  return one.n >= leastRequests && one.mean - other.mean > radius;
};

const isZAbove = ({ candidate, baseline }: NumberCounts, values: readonly number[]): boolean => {
  const [one, other] = [momentsOf(candidate, values), momentsOf(baseline, values)];
  return one.mean - other.mean > oneSided * Math.sqrt(one.variance / one.n + other.variance / other.n);
};

const flagger = (limit: number, values: readonly number[]): Watch<NumberCounts> =>
  afterFailures(({ candidate }) => (values[quantilePlace(candidate, level)] ?? 0) > limit, 5);

const kayenta = (minutes: number, values: readonly number[]): Watch<NumberCounts> => {
  const points: { candidate: number[]; baseline: number[] } = { candidate: [], baseline: [] };
  return every(minutes, ({ candidate, twin }) => {
    points.candidate.push(values[quantilePlace(candidate, level)] ?? 0);
    points.baseline.push(values[quantilePlace(twin, level)] ?? 0);
    return points.candidate.length % minutes === 0 && isHigh(points.candidate, points.baseline);
  });
};

/** What others decide by, for values at places and the baseline's p95. */
export const numberRules = (values: readonly number[], p95: number): readonly Rule<NumberCounts>[] => {
  const sums = (isRolledBack: (sums: NumberCounts) => boolean): Watch<NumberCounts> =>
    onSums(values.length, isRolledBack);
  const bandOf = bandBy();
  return [
    { name: "asymptotic mean", start: () => sums((counts) => isMeanAbove(counts, values)) },
    { name: "Howard and Ramdas, p95", start: () => sums((counts) => quantileEvidence(counts) >= Math.log(20)) },
    {
      name: "sequential KS",
      start: () =>
        sums((counts) => largestGap(counts) > bandOf(totalOf(counts.candidate)) + bandOf(totalOf(counts.baseline))),
    },
    { name: "z of means each minute", start: () => sums((counts) => isZAbove(counts, values)) },
    { name: "Flagger, p95 at 1.10, 5 failures", start: () => flagger(1.1 * p95, values) },
    { name: "Flagger, p95 at 1.25, 5 failures", start: () => flagger(1.25 * p95, values) },
    { name: "Kayenta each 10 minutes", start: () => kayenta(10, values) },
  ];
};
