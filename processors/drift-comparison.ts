import { drawValues } from "./drift-draw.ts";
import { continuePooled, openPooled, pooledEvidence } from "./drift-pooled.ts";
import type { Drawing } from "./drift-pools.ts";
import { areSpread, continueRanked, openRanked, rankedEvidence } from "./drift-ranked.ts";
import type { Values } from "./drift-series.ts";
import { countOf, together } from "./drift-series.ts";
import type { Comparison } from "./drift-state.ts";

/** Share of the baseline that only chooses how to compare, and how much of it is enough. */
const sampleShare = 0.2;
const leastSample = 100;
const enoughShare = 0.05;

/**
 * Begins a comparison with values: numbers that differ are compared by their ranks, categories and numbers of which most are equal,
 * such as flags, by pools. The seed alone decides which values tell that; these take no further part.
 */
export const openComparison = (values: Values, args: Omit<Drawing, "seen">): Comparison => {
  const size = countOf(values);
  const sampled = Math.ceil(Math.min(size * sampleShare, Math.max(leastSample, size * enoughShare)));
  const sample = drawValues(values, sampled, args.seedFor("asks"));
  const isRanked = !args.isCategory && areSpread(together(args.form.split(sample.drawn).values()));
  return isRanked ? openRanked(sample.left, args) : openPooled(sample, args);
};

/** Takes a minute into a comparison. */
export const continueComparison = (comparison: Comparison, args: Drawing): Comparison =>
  comparison.by === "ranks" ? continueRanked(comparison, args) : continuePooled(comparison, args);

/** The evidence of a comparison, as natural logarithm. */
export const evidenceOf = (comparison: Comparison): number =>
  comparison.by === "ranks" ? rankedEvidence(comparison) : pooledEvidence(comparison);

/** How many values of the baseline a comparison may still use. */
export const leftOf = (comparison: Comparison): number =>
  comparison.by === "ranks" ? comparison.left : countOf(comparison.left);
