import { z } from "zod";

/** When a call may be tried again. */
export const retryConfig = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(5)
      .default(3)
      .describe("Attempts that a call may take altogether, the first included; 1 tries nothing again."),
    perTarget: z
      .int()
      .min(1)
      .max(5)
      .default(1)
      .describe("Attempts at one target before the next one of `fallback` is asked; 1 goes on at once."),
    totalMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(30_000)
      .describe("Milliseconds from the start of a call after which no further attempt begins."),
    baseDelayMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(200)
      .describe(
        "Upper bound of the random wait before the second attempt at a target, in milliseconds; it doubles each time.",
      ),
    maxDelayMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(5_000)
      .describe("Largest upper bound of that wait, in milliseconds."),
    maxRetryAfterMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(10_000)
      .describe(
        "Longest Retry-After that is waited for, in milliseconds; a target that asks for more is not asked again.",
      ),
    maxWasteTokens: z
      .int()
      .min(0)
      .optional()
      .describe(
        "Tokens, partly estimated, that failed attempts of a call may have used before it is given up; absent means no such limit.",
      ),
  })
  .prefault({});

/** When a call may be tried again. */
export type RetryConfig = z.infer<typeof retryConfig>;

/** How long an attempt may keep the caller waiting while another one is possible. */
export const attemptLimits = z
  .strictObject({
    ttftMs: z
      .int()
      .min(1)
      .max(3_600_000)
      .optional()
      .describe(
        "Milliseconds from the start of an attempt to the first content of its stream; the next target is asked then. Absent, or no target left: gateway.timeouts alone.",
      ),
    answerMs: z
      .int()
      .min(1)
      .max(3_600_000)
      .optional()
      .describe("The same for the whole of an answer that is not streamed."),
    stallMs: z
      .int()
      .min(1)
      .max(3_600_000)
      .optional()
      .describe(
        "Milliseconds of silence between two chunks of a stream; a longer one ends it as stalled. Absent means gateway.timeouts.idleMs.",
      ),
  })
  .prefault({});

/** How long an attempt may keep the caller waiting while another one is possible. */
export type AttemptLimits = z.infer<typeof attemptLimits>;
