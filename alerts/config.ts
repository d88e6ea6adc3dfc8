import { z } from "zod";

/** Settings of alerts, verdicts and canaries. */
export const alertsConfig = z
  .strictObject({
    canary: z
      .strictObject({
        lookSeconds: z
          .int()
          .min(1)
          .max(3_600)
          .default(5)
          .describe("Seconds between two looks at a rollout; each look may decide it."),
      })
      .prefault({}),
  })
  .prefault({});

/** Settings of alerts, verdicts and canaries. */
export type AlertsConfig = z.infer<typeof alertsConfig>;
