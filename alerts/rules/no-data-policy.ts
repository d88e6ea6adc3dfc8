import { z } from "zod";
import { duration } from "../../config/duration.ts";

const atMost = (fallback: string) =>
  duration(1_000)
    .prefault(fallback)
    .describe("Longest time since the series was last seen for which the policy holds; then it counts as `ok`.");

/** What a series without a value means: a closed set, since each answer is wrong for some rule. */
export const noDataPolicy = z
  .discriminatedUnion("policy", [
    z.strictObject({ policy: z.literal("ok") }),
    z.strictObject({ policy: z.literal("zero"), at_most: atMost("1h") }),
    z.strictObject({ policy: z.literal("keep_last"), at_most: atMost("10m") }),
    z.strictObject({ policy: z.literal("alert"), at_most: atMost("24h") }),
  ])
  .prefault({ policy: "ok" })
  .describe(
    "What no data means. `ok`: the condition does not hold. `zero`: as a value of 0. `keep_last`: as the last value. `alert`: the condition holds.",
  );

/** What a series without a value means. */
export type NoDataPolicy = z.infer<typeof noDataPolicy>;
