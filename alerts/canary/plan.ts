import { z } from "zod";
import { canaryMetric, shippedMetrics } from "./metric.ts";

/** A step of a rollout: how much traffic the candidate gets, and what must be shown before the next step. */
const canaryStage = z.strictObject({
  name: z.string().min(1).describe("Name of the stage, as people read it."),
  share: z
    .number()
    .min(0)
    .max(1)
    .describe("Share of the traffic; 0 for a stage in which no caller gets the candidate."),
  margin: z.number().gt(1).max(10).describe("Ratio to the baseline that must-pass metrics are shown to stay below."),
  least: z.int().min(1).max(10_000_000).describe("Units of the candidate, in this stage, below which it is not left."),
  timeoutMinutes: z.number().positive().max(100_000).describe("Minutes after which an undecided stage is held."),
});

/** A step of a rollout. */
export type CanaryStage = z.infer<typeof canaryStage>;

/** What a rollout is judged by, and in which steps it goes. */
export const canaryPlan = z
  .strictObject({
    stages: z.array(canaryStage).min(1).max(20).describe("Steps of the rollout, in order."),
    metrics: z
      .array(canaryMetric)
      .min(1)
      .max(50)
      .prefault([...shippedMetrics])
      .describe("What the candidate is judged by."),
    unit: z
      .enum(["request", "user", "session"])
      .default("request")
      .describe("What is assigned to an arm, and so what is counted."),
    alphaFail: z.number().gt(0).lt(1).default(0.01).describe("Probability that a harmless candidate is ever failed."),
    alphaPass: z.number().gt(0).lt(1).default(0.05).describe("Probability that a metric at the margin is ever passed."),
  })
  .refine(({ metrics }) => Math.abs(metrics.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-9, {
    message: "the weights of the metrics do not add up to 1",
  })
  .refine(({ metrics }) => new Set(metrics.map(({ name }) => name)).size === metrics.length, {
    message: "a metric is named twice",
  })
  .refine(({ metrics }) => metrics.some(({ mustPass }) => mustPass), {
    message: "no metric must pass, so that every candidate would",
  });

/** What a rollout is judged by, and in which steps it goes. */
export type CanaryPlan = z.infer<typeof canaryPlan>;

/** Shares of the plans that ship, by name; 0 is the stage that is left by evals alone. */
export const namedPlans = {
  "internal-1-5-20-100": [0, 0.01, 0.05, 0.2, 1],
  "1-5-25-50-100": [0.01, 0.05, 0.25, 0.5, 1],
} as const;

/**
 * Stages for shares of traffic, from 0 to 1 and ascending: the larger the share, the smaller the margin that is demanded and the more
 * units it takes to show it.
 */
export const stagesOf = (shares: readonly number[]): readonly CanaryStage[] =>
  shares.map((share) => ({ name: nameOf(share), share, ...demandsAt(share) }));

const nameOf = (share: number): string => (share === 0 ? "internal" : `${Number((share * 100).toPrecision(6))}%`);

const demandsAt = (share: number): Omit<CanaryStage, "name" | "share"> => {
  if (share === 0) return { margin: 3, least: 300, timeoutMinutes: 24 * 60 };
  if (share <= 0.02) return { margin: 3, least: 400, timeoutMinutes: 12 * 60 };
  if (share <= 0.1) return { margin: 2, least: 1_000, timeoutMinutes: 12 * 60 };
  return { margin: 1.5, least: 4_000, timeoutMinutes: 24 * 60 };
};
