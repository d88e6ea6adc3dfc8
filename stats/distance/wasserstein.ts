import { binValue } from "../histogram/bin.ts";
import type { Histogram } from "../histogram/histogram.ts";
import { histogramMoments } from "../histogram/histogram-moments.ts";
import { alignHistograms } from "./aligned-counts.ts";
import type { Distance } from "./distance.ts";
import { beyondNoise } from "./distance.ts";
import type { Segment } from "./wasserstein-noise.ts";
import { wassersteinNoise } from "./wasserstein-noise.ts";

/** How far values of one sample must be moved, on average, to become the other's. */
export interface WassersteinDistance extends Distance {
  /** The same in standard deviations of the reference; null when it has none. */
  readonly inDeviations: Distance | null;
}

/**
 * Wasserstein-1 distance of two histograms in the unit of their values: the area between their distribution functions (Vallender
 * 1974). RangeError when one is empty.
 */
export const wasserstein = (reference: Histogram, current: Histogram): WassersteinDistance => {
  const moments = histogramMoments(reference);
  const other = histogramMoments(current);
  if (moments === null || other === null) {
    throw new RangeError("a sample without values is at no distance");
  }
  const [n, m] = [moments.count, other.count];
  const aligned = alignHistograms(reference, current);
  const segments: Segment[] = [];
  let [below, belowCurrent, value] = [0, 0, 0];
  for (let cell = 0; cell + 1 < aligned.bins.length; cell += 1) {
    below += aligned.reference[cell] ?? 0;
    belowCurrent += aligned.current[cell] ?? 0;
    const width = binValue(aligned.bins[cell + 1] ?? 0) - binValue(aligned.bins[cell] ?? 0);
    value += width * Math.abs(below / n - belowCurrent / m);
    segments.push({ width, share: (below + belowCurrent) / (n + m) });
  }
  const noise = wassersteinNoise(segments, 1 / n + 1 / m);
  const { deviation } = moments;
  return {
    ...beyondNoise(value, noise),
    inDeviations: deviation === 0 ? null : beyondNoise(value / deviation, noise / deviation),
  };
};
