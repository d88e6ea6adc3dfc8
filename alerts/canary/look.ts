import { z } from "zod";

const count = z.int().min(0);

/** Counts by bin of the store's histograms, bins ascending. */
const histogram = z.strictObject({
  bins: z.array(z.int().min(-32_768).max(32_767)),
  counts: z.array(z.int().min(1)),
});

/** Units in which something could have been bad, and those in which it was. */
const rateSeen = z.strictObject({ n: count, bad: count });

/** Cost of units that succeeded, and of those that did not, in the metric's unit. */
const costSeen = z.strictObject({ succeeded: histogram, failed: histogram });

/** What the embeddings of answers add up to. */
const embeddedSeen = z.strictObject({ count, sum: z.array(z.number()), squaredNorms: z.number() });

/** What was seen of one metric in one arm. */
const seen = z.union([rateSeen, histogram, costSeen, embeddedSeen]);

/** What was seen of one metric in one arm. */
export type Seen = z.infer<typeof seen>;

/** What came of one arm since the last look. A metric that is missing was not seen. */
const armLook = z.strictObject({
  /** Units that were assigned to the arm for the first time, whether or not they have an outcome yet. */
  assigned: count,
  metrics: z.record(z.string(), seen),
});

/** What came of one arm since the last look. */
export type ArmLook = z.infer<typeof armLook>;

/**
 * What came of both arms since the last look, of the same span of time. Where the plan's unit is the request, every call that ended in
 * the span counts once, retries within it not at all. Where users or sessions are assigned, a unit counts once a rollout and metric: in
 * `n` when it first comes, in `bad` with its first bad event, and in a histogram with one value, the mean over the calls of its first
 * minutes, once these are over.
 */
export const canaryLook = z.strictObject({
  /** Hash of the candidate's and the baseline's configuration and of the plan: other hash, other process. */
  hash: z.string().min(1),
  /** End of the span, in milliseconds since the Unix epoch: a look that ends no later than the last one was counted before. */
  endMs: z.int().min(0),
  /** The candidate's share of the traffic, which stood still in the span; a change of it ends a look. */
  share: z.number().min(0).max(1),
  candidate: armLook,
  baseline: armLook,
});

/** What came of both arms since the last look. */
export type CanaryLook = z.infer<typeof canaryLook>;
