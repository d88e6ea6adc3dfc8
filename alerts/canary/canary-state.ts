import { z } from "zod";

const histogram = z.strictObject({ bins: z.array(z.number()), counts: z.array(z.number()) });

/** Evidence on one yes-or-no question about a unit: whether it was bad, or above a threshold. Logarithms are natural. */
const question = z.strictObject({
  /** The bin above which a value means yes; null for a rate, which needs none. */
  bin: z.number().nullable(),
  /** Log evidence of harm, at each ratio that is looked for. */
  harm: z.array(z.number()),
  /** Log evidence of staying below each margin of the plan, at each ratio that is looked for; empty where nothing must pass. */
  safety: z.array(z.array(z.number())),
  /** Log likelihood of ratios, for the interval that people read. */
  likelihood: z.array(z.number()),
  candidateYes: z.number(),
  baselineYes: z.number(),
  /** Sums of Mantel and Haenszel over looks: their quotient is the ratio of rates, whatever the shares were. */
  up: z.number(),
  down: z.number(),
});

/** Evidence on one yes-or-no question about a unit. */
export type Question = z.infer<typeof question>;

/** Evidence on a mean: the capital of the bets, and what a ratio of means is read from. */
const meanEvidence = z.strictObject({
  /** Values count as at most this. */
  cap: z.number(),
  betting: z.strictObject({ count: z.number(), sum: z.number(), sumOfSquares: z.number(), log: z.number() }),
  /** Sum, over all bets, of what the mean of the baseline was. */
  baselineSum: z.number(),
});

/** Evidence on a mean. */
export type MeanEvidence = z.infer<typeof meanEvidence>;

const embedded = z.strictObject({ count: z.number(), sum: z.array(z.number()), squaredNorms: z.number() });

/** Evidence that answers are worded differently. */
const witnessEvidence = z.strictObject({
  /** What the embeddings of each arm add up to so far. */
  candidate: embedded,
  baseline: embedded,
  /** Looks at the baseline, and the sum of their squared distances from its mean, of one answer each. */
  spread: z.strictObject({ looks: z.number(), squares: z.number() }),
  /** The state of test G. */
  logs: z.array(z.number()),
});

/** Evidence that answers are worded differently. */
export type WitnessEvidence = z.infer<typeof witnessEvidence>;

/** Where one metric stands. */
const metricState = z.strictObject({
  candidate: z.number(),
  baseline: z.number(),
  /** Units of the candidate before the stage began. */
  beforeStage: z.number(),
  /** Values of the baseline, until there are enough of them to freeze thresholds, cap and price; null for a rate, and after that. */
  learning: z.strictObject({ values: histogram, failed: histogram }).nullable(),
  /** What a success cost in the baseline when it was frozen; 0 for metrics without such a price. */
  price: z.number(),
  questions: z.array(question),
  mean: meanEvidence.nullable(),
  /** Only of embeddings. */
  witness: witnessEvidence.nullable().default(null),
  /** Log evidence that the candidate's rate is below the negligible one, at each rate that is looked for; empty where not tested. */
  negligible: z.array(z.number()),
});

/** Where one metric stands. */
export type MetricState = z.infer<typeof metricState>;

/** Where the judgement of a rollout stands: plain data, to be kept as JSON. */
export const canaryState = z.strictObject({
  hash: z.string(),
  /** Place in the plan's stages, from 0. */
  stage: z.int(),
  startedMs: z.number(),
  stageStartedMs: z.number(),
  /** End of the last look that was counted, in milliseconds since the Unix epoch; `startedMs` before the first. */
  lastLookMs: z.number(),
  looks: z.number(),
  sampleRatio: z.strictObject({ closed: z.number(), weights: z.array(z.number()), units: z.array(z.number()) }),
  metrics: z.record(z.string(), metricState),
  /** A verdict that stays; null while looks count. */
  ended: z.enum(["fail", "invalid"]).nullable(),
});

/** Where the judgement of a rollout stands. */
export type CanaryState = z.infer<typeof canaryState>;
