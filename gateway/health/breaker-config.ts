import { z } from "zod";

/** When a target that keeps failing is left alone, and when it is tried again. */
export const breakerConfig = z
  .strictObject({
    windowMs: z
      .int()
      .min(1_000)
      .max(3_600_000)
      .default(30_000)
      .describe("Milliseconds of the past by which a target is judged; between one and two such spans count."),
    minCalls: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(20)
      .describe("Attempts in that time below which nothing is judged."),
    failureShare: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe("Share of failed attempts from which on a target is left alone, above 0 and up to 1."),
    openMs: z
      .int()
      .min(1)
      .max(3_600_000)
      .default(5_000)
      .describe("Milliseconds until one call tries the target again; it doubles each time that one fails."),
    maxOpenMs: z.int().min(1).max(3_600_000).default(60_000).describe("Longest such time, in milliseconds."),
  })
  .prefault({});

/** When a target that keeps failing is left alone, and when it is tried again. */
export type BreakerConfig = z.infer<typeof breakerConfig>;
