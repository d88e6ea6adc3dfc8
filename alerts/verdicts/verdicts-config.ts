import { z } from "zod";

/** Settings of the verdicts that are issued: what bounds them when nobody watches. */
export const verdictsConfig = z
  .strictObject({
    isDryRun: z
      .boolean()
      .default(false)
      .describe("True tells what automatic verdicts would do, and moves nothing; people's own are carried out."),
    lifetimeSeconds: z
      .int()
      .min(10)
      .max(86_400)
      .default(300)
      .describe("Seconds after which a verdict that is not renewed gives way to the configured weights."),
    renewSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(60)
      .describe("Seconds between two renewals of a verdict in force; at most a third of lifetimeSeconds."),
    cooldownSeconds: z
      .int()
      .min(0)
      .max(3_600)
      .default(10)
      .describe("Least seconds between two automatic verdicts on one subject; a rollback does not wait."),
    flapMinutes: z
      .int()
      .min(1)
      .max(1_440)
      .default(10)
      .describe("Minutes in which a target may lose traffic twice; then it gets nothing back before they are over."),
    maxMovedShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        "Share of a route's configured traffic that automatic verdicts may keep away from its targets at once.",
      ),
  })
  .superRefine(({ lifetimeSeconds, renewSeconds }, context) => {
    if (renewSeconds * 3 > lifetimeSeconds) {
      context.addIssue({
        code: "custom",
        path: ["renewSeconds"],
        message: "must be at most a third of lifetimeSeconds, so that two renewals may fail",
      });
    }
  })
  .prefault({});

/** Settings of the verdicts that are issued. */
export type VerdictsConfig = z.infer<typeof verdictsConfig>;
