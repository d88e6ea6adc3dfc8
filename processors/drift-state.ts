import { z } from "zod";

const values = z.record(z.string(), z.number());

/** Values that a series is held against, and where they come from. */
const baseline = z.strictObject({
  /** In words. */
  from: z.string(),
  values,
  /** The same by stratum of the input, as far as inputs were measured. */
  strata: values,
  /** Sum of the values; of a category 0. */
  sum: z.number(),
});

/** Values that a series is held against. */
export type Baseline = z.infer<typeof baseline>;

/** What came, compared with values drawn from a baseline, each of which is used once. */
const pooledComparison = z.strictObject({
  by: z.literal("pools"),
  /** Values of the baseline that were not drawn yet; by stratum where they are compared within strata. */
  left: values,
  /** Yes-or-no questions about a value that are compared: whether it lies above a bin, or is a category. */
  questions: z.array(z.string()),
  /** Values of the baseline that chose the questions and take no part: how far apart others lie is judged by them. */
  sample: values,
  /** For each question the log evidence of each ratio that is bet on. */
  logEvidence: z.array(z.array(z.number())),
  /** The log evidence of each shift of all values that is bet on; empty for a category. */
  logShift: z.array(z.number()),
  /** Whether a minute was compared. */
  isBegun: z.boolean(),
});

/** What came, compared with values drawn from a baseline. */
export type PooledComparison = z.infer<typeof pooledComparison>;

/** What came, ranked value by value among a baseline and all that came before. */
const rankedComparison = z.strictObject({
  by: z.literal("ranks"),
  /** Values that others are ranked among, those that came since with them; by stratum where they are compared within strata. */
  pool: values,
  /** How many values of the baseline count as not used yet. */
  left: z.number(),
  /** The log evidence of each change of ranks that is bet on. */
  logRanks: z.array(z.number()),
  /** Whether a minute was compared. */
  isBegun: z.boolean(),
});

/** What came, ranked among a baseline. */
export type RankedComparison = z.infer<typeof rankedComparison>;

const comparison = z.discriminatedUnion("by", [pooledComparison, rankedComparison]);

/** What came, compared with a baseline. */
export type Comparison = z.infer<typeof comparison>;

/** One pass over a baseline; when nearly all of it is used the next pass begins, with evidence of its own. */
const pass = z.strictObject({
  against: baseline,
  /** Whether it is the first pass of a new version, over what the version before had. */
  isOfVersion: z.boolean(),
  /** Whatever was asked. */
  all: comparison,
  /** Within strata of the input; null while the inputs are those of the baseline. */
  within: comparison.nullable(),
  /** What came since the pass began. */
  seen: values,
  seenSum: z.number(),
  seenStrata: values,
});

/** One pass over a baseline. */
export type Pass = z.infer<typeof pass>;

/** The state of a series' test, as it is stored with its evidence. */
export const driftState = z.strictObject({
  isCategory: z.boolean(),
  /** What the series itself began with; it becomes its baseline when there is enough of it. */
  own: baseline,
  pass: pass.nullable(),
  /** Passes that were begun. */
  passes: z.int(),
  /** Whether the last pass, or this one, crossed the bound; a pass that does not ends it. */
  isAlarmed: z.boolean(),
});

/** The state of a series' test. */
export type DriftState = z.infer<typeof driftState>;
