/** A seeded source of counts: exact draws, no normal approximation. */
export interface Random {
  /** Evenly from 0 up to, not including, 1. */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
  /** Successes of `n` trials with probability `p`. */
  readonly binomial: (n: number, p: number) => number;
}

/** Larger means are drawn in halves, so that the first probability does not underflow. */
const largestMean = 300;

/** The small fast counter generator of PractRand (Doty-Humphrey), 128 bits of state, and inversion for counts. */
export const seededRandom = (seed: number): Random => {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9, 0x243f6a88, 1];
  const uniform = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 20; round += 1) {
    uniform();
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const binomial = (n: number, p: number): number => {
    if (p <= 0 || n === 0) return 0;
    if (p > 0.5) return n - binomial(n, 1 - p);
    if (n * p > largestMean) return binomial(n >> 1, p) + binomial(n - (n >> 1), p);
    return invert(n, p, uniform());
  };
  return { uniform, normal, binomial };
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
