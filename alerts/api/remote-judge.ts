import { z } from "zod";

const name = z.string().max(512);

/** A value of a series: what is no number comes as text or as null. */
const point = z.union([z.number(), z.string(), z.null()]).transform((value) => {
  const number = value === null || value === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
});

const effectSize = z.object({
  allowedIncrease: z.number().min(1).default(1),
  allowedDecrease: z.number().max(1).default(1),
});

const metricConfig = z.object({
  name,
  groups: z.array(name).default([]),
  analysisConfigurations: z
    .object({
      canary: z
        .object({
          direction: z.enum(["increase", "decrease", "either"]).default("either"),
          nanStrategy: z.enum(["remove", "replace"]).default("remove"),
          critical: z.boolean().default(false),
          mustHaveData: z.boolean().default(false),
          effectSize: effectSize.prefault({}),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** How a metric is to be judged. */
export type JudgedMetric = z.infer<typeof metricConfig>;

const metricPair = z.object({
  name,
  id: z.string().max(512).default(""),
  tags: z.record(z.string(), z.string()).default({}),
  values: z.object({ control: z.array(point).max(100_000), experiment: z.array(point).max(100_000) }),
});

/** The series of a metric in both arms, a value for each step of time. */
export type MetricPair = z.infer<typeof metricPair>;

/** What a remote judge is sent. Settings of other judges are left aside. */
export const judgeRequest = z.object({
  canaryConfig: z.object({
    metrics: z.array(metricConfig).max(1_000),
    classifier: z.object({ groupWeights: z.record(z.string(), z.number().min(0)).default({}) }).prefault({}),
  }),
  scoreThresholds: z.object({ pass: z.number(), marginal: z.number() }),
  metricSetPairList: z.array(metricPair).max(1_000),
});

/** What a remote judge is sent. */
export type JudgeRequest = z.infer<typeof judgeRequest>;
