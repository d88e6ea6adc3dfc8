import { logChoose } from "../special/log-gamma.ts";

/** Two arms and the number of bad events in both together. */
export interface PooledBad {
  /** Requests of the canary. */
  readonly canary: number;
  /** Requests of the baseline. */
  readonly baseline: number;
  /** Bad events of both arms. */
  readonly bad: number;
}

/** Powers of a ratio within e^+-600 leave room in a double for the weights that they multiply. */
const longestSpan = 600;

/**
 * For each ratio t, ln of sum_j h(j) t^j, where h(j) is the hypergeometric probability that j of the bad events are the canary's:
 * the normaliser of Fisher's noncentral hypergeometric distribution. Counts are taken as checked.
 */
export const logTilts = (counts: PooledBad, ratios: readonly number[]): readonly number[] => {
  const low = Math.max(0, counts.bad - counts.baseline);
  const high = Math.min(counts.bad, counts.canary);
  if (low === high) {
    return ratios.map((ratio) => low * Math.log(ratio));
  }
  const steepest = ratios.reduce((most, ratio) => Math.max(most, Math.abs(Math.log(ratio))), 0);
  return (high - low) * steepest < longestSpan && high - low < longestRow
    ? tiltsOfRow({ low, weights: hypergeometricRow(counts, low, high) }, ratios)
    : ratios.map((ratio) => tiltAround(counts, ratio));
};

/** Beyond this a walk around each mode is shorter than the whole row. */
const longestRow = 512;

/** h(j + 1) / h(j). */
const growthAfter = ({ canary, baseline, bad }: PooledBad, j: number): number =>
  ((canary - j) * (bad - j)) / ((j + 1) * (baseline - bad + j + 1));

/** h(low) to h(high) up to a common factor, 1 at the mode, by products from there: no logarithm is taken. */
const hypergeometricRow = (counts: PooledBad, low: number, high: number): Float64Array => {
  const row = new Float64Array(high - low + 1);
  const mode = modeOf(counts, 1);
  let weight = 1;
  row[mode - low] = 1;
  for (let j = mode; j < high; j += 1) {
    weight *= growthAfter(counts, j);
    row[j + 1 - low] = weight;
  }
  weight = 1;
  for (let j = mode - 1; j >= low; j -= 1) {
    weight /= growthAfter(counts, j);
    row[j - low] = weight;
  }
  return row;
};

interface Row {
  readonly low: number;
  readonly weights: Float64Array;
}

const tiltsOfRow = ({ low, weights }: Row, ratios: readonly number[]): readonly number[] => {
  const total = Math.log(weights.reduce((sum, weight) => sum + weight, 0));
  return ratios.map((ratio) => low * Math.log(ratio) + Math.log(polynomial(weights, ratio)) - total);
};

/** sum_i weights[i] t^i by Horner's rule, from the end at which the powers are small. */
const polynomial = (weights: Float64Array, t: number): number => {
  let sum = 0;
  for (let index = weights.length - 1; index >= 0; index -= 1) {
    sum = sum * t + (weights[index] ?? 0);
  }
  return sum;
};

/** The same for long rows: the largest term by log-gamma, and its neighbours by products until they no longer count. */
const tiltAround = (counts: PooledBad, ratio: number): number => {
  const { canary, baseline, bad } = counts;
  const mode = modeOf(counts, ratio);
  const logMode = logChoose(canary, mode) + logChoose(baseline, bad - mode) - logChoose(canary + baseline, bad);
  let sum = 1;
  let term = 1;
  for (let j = mode; term > sum * 1e-17; j += 1) {
    term *= growthAfter(counts, j) * ratio;
    sum += term;
  }
  term = 1;
  for (let j = mode - 1; term > sum * 1e-17 && j >= Math.max(0, bad - baseline); j -= 1) {
    term /= growthAfter(counts, j) * ratio;
    sum += term;
  }
  return logMode + mode * Math.log(ratio) + Math.log(sum);
};

/** The most probable j under odds ratio t: the root of growth(j) t = 1 (Liao and Rosen, The American Statistician 2001). */
const modeOf = ({ canary, baseline, bad }: PooledBad, t: number): number => {
  const a = t - 1;
  const b = (canary + bad + 2) * t + baseline - bad;
  const c = (canary + 1) * (bad + 1) * t;
  const root = (2 * c) / (b + Math.sqrt(Math.max(0, b * b - 4 * a * c)));
  return Math.min(Math.max(Math.floor(root), 0, bad - baseline), bad, canary);
};
