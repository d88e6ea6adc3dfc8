import { z } from "zod";

/** Settings of the shifting of traffic away from targets that got slow or fail. */
export const rerouteConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether targets that get slow or fail lose traffic to the others."),
    leastFactor: z
      .number()
      .min(0.001)
      .max(0.9)
      .default(0.1)
      .describe("What is left of the weight of a target that lost its traffic: enough to see that it is well again."),
    leastSlowdown: z
      .number()
      .min(1.05)
      .max(100)
      .default(1.5)
      .describe("Ratio by which a target's median or p95 latency must have grown for it to lose traffic."),
    leastErrors: z
      .number()
      .min(0.001)
      .max(1)
      .default(0.05)
      .describe("Share of failed calls that a target must have for it to lose traffic."),
    referenceCalls: z
      .int()
      .min(50)
      .max(100_000)
      .default(300)
      .describe("Calls of a target that tell what its latency usually is."),
    falseAlarmsPerWeek: z
      .number()
      .positive()
      .max(1_000)
      .default(1)
      .describe("Times a week, over all targets together, that a target which is well may lose its traffic."),
  })
  .prefault({});

/** Settings of the shifting of traffic. */
export type RerouteConfig = z.infer<typeof rerouteConfig>;
