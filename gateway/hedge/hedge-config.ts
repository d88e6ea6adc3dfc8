import { z } from "zod";

/** When a second target is asked beside one that is slow to begin. */
export const hedgeConfig = z.strictObject({
  afterMs: z
    .int()
    .min(1)
    .max(3_600_000)
    .optional()
    .describe(
      "Milliseconds without content after which a second target is asked as well; beside `afterQuantile` the least, and what holds until enough is measured.",
    ),
  afterQuantile: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe(
      "The same as a quantile, such as 0.95, of how long the target's last 128 streams took to their first content; it holds from 20 streams on.",
    ),
  maxShare: z
    .number()
    .gt(0)
    .max(1)
    .default(0.05)
    .describe("Most second attempts, as a share of the route's streamed calls, from 0 to 1."),
  maxCostUsd: z
    .number()
    .gt(0)
    .max(1_000)
    .optional()
    .describe(
      "Most that a second attempt may cost at its worst, in dollars; with it, none goes to a target whose price is not known. Absent means no such limit.",
    ),
});

/** When a second target is asked beside one that is slow to begin. */
export type HedgeConfig = z.infer<typeof hedgeConfig>;
