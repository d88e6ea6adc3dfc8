/** How two windows of numbers are compared by a threshold; true is an alarm. Both are sorted ascending. */
export type CompareWindows = (reference: Float64Array, current: Float64Array) => boolean;

const threshold = 0.1;
const alpha = 0.05;
const emptyShare = 1e-4;

/** The population stability index over equal bins of the pooled range. */
export const psiOf = (reference: Float64Array, current: Float64Array): number => {
  const [p, q] = sturgesShares(reference, current);
  return p.reduce((sum, share, bin) => {
    const [was, is] = [share || emptyShare, q[bin] || emptyShare];
    return sum + (was - is) * Math.log(was / is);
  }, 0);
};

/** The Jensen-Shannon distance, natural logarithms, over the same bins. */
export const jensenShannonOf = (reference: Float64Array, current: Float64Array): number => {
  const [p, q] = sturgesShares(reference, current);
  const towards = (share: number, mean: number): number => (share === 0 ? 0 : share * Math.log(share / mean));
  const divergence = p.reduce((sum, share, bin) => {
    const other = q[bin] ?? 0;
    const mean = (share + other) / 2;
    return sum + towards(share, mean) + towards(other, mean);
  }, 0);
  return Math.sqrt(Math.max(0, divergence / 2));
};

/** The Wasserstein distance in standard deviations of the reference. */
export const wassersteinOf = (reference: Float64Array, current: Float64Array): number => {
  const mean = reference.reduce((sum, value) => sum + value, 0) / reference.length;
  const variance = reference.reduce((sum, value) => sum + (value - mean) ** 2, 0) / reference.length;
  let area = 0;
  walk(reference, current, (gap, width) => {
    area += gap * width;
  });
  return area / Math.max(Math.sqrt(variance), 0.001);
};

/** Probability of a larger distance of Kolmogorov and Smirnov between samples of one distribution (Smirnov 1948). */
export const kolmogorovSmirnovOf = (reference: Float64Array, current: Float64Array): number => {
  let most = 0;
  walk(reference, current, (gap) => {
    most = Math.max(most, gap);
  });
  const scaled = most * Math.sqrt((reference.length * current.length) / (reference.length + current.length));
  if (scaled < 0.2) {
    return 1;
  }
  let sum = 0;
  for (let term = 1; term <= 100; term += 1) {
    sum += (term % 2 === 1 ? 2 : -2) * Math.exp(-2 * term * term * scaled * scaled);
  }
  return Math.min(1, sum);
};

/** The comparisons with the thresholds that evidently has by default. */
export const windowPeers: Readonly<Record<"psi" | "js" | "w1" | "ks", CompareWindows>> = {
  psi: (reference, current) => psiOf(reference, current) >= threshold,
  js: (reference, current) => jensenShannonOf(reference, current) >= threshold,
  w1: (reference, current) => wassersteinOf(reference, current) >= threshold,
  ks: (reference, current) => kolmogorovSmirnovOf(reference, current) <= alpha,
};

/** Sturges 1926: as many equal bins as log2 of all values and one more. */
const sturgesShares = (a: Float64Array, b: Float64Array): readonly [readonly number[], readonly number[]] => {
  const low = Math.min(a[0] ?? 0, b[0] ?? 0);
  const high = Math.max(a.at(-1) ?? 0, b.at(-1) ?? 0);
  const bins = Math.ceil(Math.log2(a.length + b.length) + 1);
  const width = (high - low) / bins || 1;
  const shares = (values: Float64Array): readonly number[] => {
    const counts = Array.from({ length: bins }, () => 0);
    for (const value of values) {
      const bin = Math.min(Math.floor((value - low) / width), bins - 1);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts.map((count) => count / values.length);
  };
  return [shares(a), shares(b)];
};

/** Visits the pieces between neighbouring values of both: how far the distribution functions are apart, and how wide it is. */
const walk = (a: Float64Array, b: Float64Array, visit: (gap: number, width: number) => void): void => {
  let [left, right] = [0, 0];
  while (left < a.length || right < b.length) {
    const here = Math.min(valueAt(a, left), valueAt(b, right));
    left = placeAfter(a, left, here);
    right = placeAfter(b, right, here);
    const next = Math.min(valueAt(a, left), valueAt(b, right));
    visit(Math.abs(left / a.length - right / b.length), Number.isFinite(next) ? next - here : 0);
  }
};

const valueAt = (values: Float64Array, place: number): number => values[place] ?? Number.POSITIVE_INFINITY;

/** The first place from here on whose value is above. */
const placeAfter = (values: Float64Array, from: number, value: number): number => {
  let place = from;
  while (place < values.length && (values[place] ?? 0) <= value) {
    place += 1;
  }
  return place;
};
