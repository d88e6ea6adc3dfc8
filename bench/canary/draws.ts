import type { Random } from "../../core/random.ts";

/** Larger means are drawn in halves, so that the first probability does not underflow. */
const largestMean = 300;

/** Successes of `n` trials with probability `p`: an exact draw, by inversion, no normal approximation. */
export const drawBinomial = (random: Random, n: number, p: number): number => {
  if (p <= 0 || n === 0) return 0;
  if (p > 0.5) return n - drawBinomial(random, n, 1 - p);
  if (n * p > largestMean) return drawBinomial(random, n >> 1, p) + drawBinomial(random, n - (n >> 1), p);
  return invert(n, p, random.uniform());
};

const invert = (n: number, p: number, share: number): number => {
  const odds = p / (1 - p);
  let probability = (1 - p) ** n;
  let rest = share - probability;
  let count = 0;
  while (rest >= 0 && count < n) {
    count += 1;
    probability *= (odds * (n - count + 1)) / count;
    rest -= probability;
  }
  return count;
};

/** Draws places of a list of weights, which are above 0 somewhere (Walker 1977, in Vose's form). */
export const placesOf = (weights: readonly number[]): ((random: Random) => number) => {
  const size = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scaled = Float64Array.from(weights, (weight) => (weight * size) / total);
  const alias = Int32Array.from({ length: size }, (_, index) => index);
  const small = [...scaled.keys()].filter((index) => (scaled[index] ?? 0) < 1);
  const large = [...scaled.keys()].filter((index) => (scaled[index] ?? 0) >= 1);
  for (let low = small.pop(); low !== undefined; low = small.pop()) {
    const high = large.at(-1);
    if (high === undefined) break;
    alias[low] = high;
    scaled[high] = (scaled[high] ?? 0) + (scaled[low] ?? 0) - 1;
    if ((scaled[high] ?? 0) < 1) {
      large.pop();
      small.push(high);
    }
  }
  return ({ uniform }) => {
    const place = uniform() * size;
    const whole = Math.floor(place);
    return place - whole < (scaled[whole] ?? 1) ? whole : (alias[whole] ?? whole);
  };
};
