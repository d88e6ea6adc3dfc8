import { z } from "zod";

/** Settings of the alert rules. */
export const rulesConfig = z
  .strictObject({
    dir: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        "Folder of your own rule files (`*.yaml`); null for none. A rule with the name of a shipped one takes its place.",
      ),
    off: z.array(z.string().min(1)).default([]).describe("Names of rules that are not to run."),
    amounts: z
      .record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), z.number().positive())
      .default({})
      .describe(
        "Amounts of your own that rules multiply, by name: `daily_budget_usd` and `monthly_budget_usd` turn the rules on budgets on.",
      ),
    everySeconds: z.int().min(1).max(3_600).default(15).describe("Seconds between two looks at all rules."),
    settleSeconds: z
      .int()
      .min(0)
      .max(600)
      .default(10)
      .describe("Seconds by which windows end before now, so that rows on their way are not missed."),
    maxSeries: z
      .int()
      .min(1)
      .max(10_000)
      .default(500)
      .describe(
        "Series that one rule may watch; those nearest to its limit are kept, and the others counted as dropped.",
      ),
  })
  .prefault({});

/** Settings of the alert rules. */
export type RulesConfig = z.infer<typeof rulesConfig>;
