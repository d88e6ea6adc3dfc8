import { z } from "zod";
import { label } from "../keys/key-config.ts";

/** Who a limit is for, from the widest: the whole gateway, then what keys and requests say of their owner. */
export const budgetLevels = ["gateway", "organisation", "team", "key", "user"] as const;

/** Who a limit is for. */
export type BudgetLevel = (typeof budgetLevels)[number];

const dollars = (window: string): z.ZodOptional<z.ZodNumber> =>
  z.number().min(0).max(1_000_000).optional().describe(`Dollars that may be spent in a ${window} of UTC.`);

const aMinute = (what: string): z.ZodOptional<z.ZodInt> =>
  z.int().min(0).max(1_000_000_000).optional().describe(`${what} in a minute of the clock.`);

const limit = z.strictObject({
  level: z.enum(budgetLevels).describe("Who it is for: the whole gateway, or each organisation, team, key or user."),
  name: label
    .optional()
    .describe("Whom of its level it is for; absent means each one that has no limit of its own name."),
  mode: z
    .enum(["hard", "soft"])
    .default("hard")
    .describe("`hard` refuses the call that could go over; `soft` lets it pass, and tells."),
  dollarsPerHour: dollars("hour"),
  dollarsPerDay: dollars("day"),
  dollarsPerMonth: dollars("month"),
  requestsPerMinute: aMinute("Calls"),
  tokensPerMinute: aMinute("Input and output tokens of the calls"),
});

/** The parsed settings of one limit. */
export type LimitConfig = z.infer<typeof limit>;

/** Settings of budgets and rate limits. */
export const budgetConfig = z
  .strictObject({
    limits: z.array(limit).default([]).describe("Limits; a call must be within every one that it falls under."),
    replicas: z
      .int()
      .min(1)
      .max(1_000)
      .default(1)
      .describe(
        "Gateways that each have an equal part of every limit for themselves; 1 gives every gateway the whole of them, less what the others on the bus have spent in dollars.",
      ),
    reportMs: z
      .int()
      .min(100)
      .max(60_000)
      .default(1_000)
      .describe("Milliseconds between two reports to the other gateways on what this one has spent."),
    unpriced: z
      .enum(["refuse", "allow"])
      .default("refuse")
      .describe("What to do under a hard limit in dollars with a model of unknown price; `allow` counts it as free."),
    maxOutputTokens: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(4_096)
      .describe(
        "Output tokens that a call without a number of its own gets under a hard limit in dollars or tokens; its record is marked.",
      ),
    outsideInputTokens: z
      .int()
      .min(1)
      .max(100_000_000)
      .default(200_000)
      .describe(
        "Input tokens to expect at most of a call whose input is not all text in its body, such as images, where the model's context window is not known.",
      ),
  })
  .prefault({});

/** The parsed settings of budgets. */
export type BudgetConfig = z.infer<typeof budgetConfig>;
