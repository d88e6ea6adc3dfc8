import { normalQuantile } from "../special/normal.ts";
import { noiseLevel } from "./distance.ts";

/** A stretch of values over which the pooled distribution function is constant. */
export interface Segment {
  /** In the unit of the values. */
  readonly width: number;
  /** Share of both samples at or below the stretch. */
  readonly share: number;
}

/** Enough for the second moment, and few enough that all pairs cost little. */
const mostGroups = 64;

/**
 * What the Wasserstein-1 distance of two samples of one distribution stays below in 95 of 100 cases. It tends to the integral of
 * |B(F(x))|, B a Brownian bridge, times sqrt(1/n + 1/m) (del Barrio, Gine and Matran 1999); mean and variance of that integral
 * follow from the moments of normal pairs, and a gamma variable that has both gives the quantile (Wilson and Hilferty 1931).
 */
export const wassersteinNoise = (segments: readonly Segment[], spread: number): number => {
  const groups = groupsOf(segments);
  const mean = groups.reduce((sum, { weight }) => sum + weight, 0) * Math.sqrt(2 / Math.PI);
  if (mean === 0) {
    return 0;
  }
  let square = 0;
  for (const one of groups) {
    for (const two of groups) {
      square += one.weight * two.weight * meanProduct(one.share, two.share);
    }
  }
  const ninth = Math.max(0, square - mean * mean) / (mean * mean) / 9;
  const quantile = mean * (1 - ninth + normalQuantile(noiseLevel) * Math.sqrt(ninth)) ** 3;
  return quantile * Math.sqrt(spread);
};

interface Group {
  /** Sum of width times sqrt(F (1 - F)). */
  readonly weight: number;
  /** Mean of F, by that weight. */
  readonly share: number;
}

const groupsOf = (segments: readonly Segment[]): readonly Group[] => {
  const weighed = segments
    .map(({ width, share }) => ({ weight: width * Math.sqrt(share * (1 - share)), share }))
    .filter(({ weight }) => weight > 0);
  const most = weighed.reduce((sum, { weight }) => sum + weight, 0) / mostGroups;
  const groups: Group[] = [];
  let [weight, moment] = [0, 0];
  for (const one of weighed) {
    weight += one.weight;
    moment += one.weight * one.share;
    if (weight >= most) {
      groups.push({ weight, share: moment / weight });
      [weight, moment] = [0, 0];
    }
  }
  return weight > 0 ? [...groups, { weight, share: moment / weight }] : groups;
};

/** E|XY| of standard normal variables with the correlation of a Brownian bridge at two places. */
const meanProduct = (one: number, two: number): number => {
  const [low, high] = one < two ? [one, two] : [two, one];
  const correlation = Math.min(1, Math.sqrt((low * (1 - high)) / (high * (1 - low))));
  return (2 / Math.PI) * (Math.sqrt(1 - correlation ** 2) + correlation * Math.asin(correlation));
};
