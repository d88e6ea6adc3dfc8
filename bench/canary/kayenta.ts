import { meanOf } from "../../alerts/canary/match-values.ts";
import { normalQuantile } from "../../stats/special/normal.ts";

const confidence = 0.98;
const tolerance = 0.25;

/**
 * Kayenta's NetflixACAJudge on the points of one critical metric that must not increase: Mann and Whitney's interval for the shift, 98%,
 * by inversion, against a quarter of Hodges and Lehmann's estimate, and a ratio of means of at least 1.
 */
export const isHigh = (candidate: readonly number[], baseline: readonly number[]): boolean => {
  const differences = Float64Array.from({ length: candidate.length * baseline.length }, (_, index) => {
    const row = Math.floor(index / baseline.length);
    return (candidate[row] ?? 0) - (baseline[index - row * baseline.length] ?? 0);
  }).sort();
  if (differences.length === 0) {
    return false;
  }
  const [m, n] = [candidate.length, baseline.length];
  const spread = Math.sqrt((m * n * (m + n + 1)) / 12);
  const rank = Math.floor((m * n) / 2 - normalQuantile((1 + confidence) / 2) * spread);
  const low = differences[rank - 1] ?? Number.NEGATIVE_INFINITY;
  const middle = differences.length >> 1;
  const estimate =
    differences.length % 2 === 1
      ? (differences[middle] ?? 0)
      : ((differences[middle - 1] ?? 0) + (differences[middle] ?? 0)) / 2;
  return low > tolerance * Math.abs(estimate) && meanOf(candidate) >= meanOf(baseline);
};
