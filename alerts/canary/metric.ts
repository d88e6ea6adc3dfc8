import { z } from "zod";

/**
 * How a metric is counted and tested. `rate`: a share of calls, by test B; `quantiles`: a number of which the tail matters, by
 * test D; `mean`: a number of which the sum matters too, by tests D and F; `per_success`: cost of a call that succeeded, by test F on
 * cost plus the price of a success where there was none; `embedding`: how answers are worded, by test G, where other words are harm.
 */
const metricKinds = ["rate", "quantiles", "mean", "per_success", "embedding"] as const;

/** One thing that a canary is judged by; more of it is worse. */
export const canaryMetric = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/)
      .describe("Name of the metric, as looks carry it."),
    kind: z.enum(metricKinds).describe("How it is counted and tested."),
    weight: z.number().positive().max(1).describe("Share of the decision; the weights of a plan add up to 1."),
    tolerated: z
      .number()
      .min(1)
      .max(10)
      .default(1)
      .describe("Largest ratio to the baseline that is no harm: of odds for a rate or quantiles, else of means."),
    leastEffect: z
      .number()
      .min(1)
      .max(100)
      .default(1.25)
      .describe("Ratio to the baseline below which evidence alone rolls nothing back."),
    mustPass: z
      .boolean()
      .default(false)
      .describe("Whether a stage is only left when this metric is shown to stay below the stage's margin."),
    negligible: z
      .number()
      .positive()
      .max(0.5)
      .default(0.005)
      .describe("Share of calls that is good enough to pass however small the baseline's is; for rates only."),
    unit: z.enum(["ms", "tokens", "$", "share"]).default("share").describe("What its values are told in."),
  })
  .refine(({ kind, mustPass }) => !(mustPass && (kind === "per_success" || kind === "embedding")), {
    message: "a metric of kind per_success or embedding has no threshold that a stage could demand",
  });

/** One thing that a canary is judged by. */
export type CanaryMetric = z.infer<typeof canaryMetric>;

/** What canaries are judged by unless a plan says otherwise. Calls by outcome come first, for they cost the most. */
export const shippedMetrics: readonly z.input<typeof canaryMetric>[] = [
  { name: "errors", kind: "rate", weight: 0.2, mustPass: true },
  { name: "refusals", kind: "rate", weight: 0.15, mustPass: true },
  { name: "ttft", kind: "quantiles", weight: 0.15, mustPass: true, unit: "ms" },
  { name: "malformed", kind: "rate", weight: 0.1, mustPass: true },
  { name: "cost_per_success", kind: "per_success", weight: 0.1, leastEffect: 1.05, unit: "$" },
  { name: "rate_limited", kind: "rate", weight: 0.05 },
  { name: "fallback", kind: "rate", weight: 0.05 },
  { name: "duration", kind: "quantiles", weight: 0.05, unit: "ms" },
  { name: "output_tokens", kind: "mean", weight: 0.05, leastEffect: 1.05, unit: "tokens" },
  { name: "cost", kind: "mean", weight: 0.05, leastEffect: 1.05, unit: "$" },
  { name: "bad_feedback", kind: "rate", weight: 0.05 },
];

/** The metrics that ship with the wording of answers beside them, which takes its share of the decision from all of them; none at 0. */
export const metricsWithEmbedding = (weight: number): readonly z.input<typeof canaryMetric>[] =>
  weight === 0
    ? shippedMetrics
    : [
        ...shippedMetrics.map((metric) => ({ ...metric, weight: metric.weight * (1 - weight) })),
        { name: "embedding", kind: "embedding", weight, leastEffect: 1.05 },
      ];
