import { z } from "zod";
import { duration } from "../../config/duration.ts";

const column = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "expected the name of a column");

/** How a value is compared with a limit. */
const operators = [">", ">=", "<", "<="] as const;

/** The window of a condition: the last so many milliseconds, or since the beginning of the day or month, UTC. */
export type Window = { readonly kind: "span"; readonly ms: number } | { readonly kind: "today" | "this_month" };

const calendarWindow = z.enum(["today", "this_month"]).transform((kind): Window => ({ kind }));
const spanWindow = duration(60_000).transform((ms): Window => ({ kind: "span", ms }));

/** A window as it is written; minutes are the finest there are. */
export const windowSchema = z
  .union([calendarWindow, spanWindow], {
    error: "expected a duration of at least 60s, such as 5m or 24h, or `today` or `this_month`",
  })
  .describe("What is asked about: a duration from a minute up, `today`, or `this_month` (both UTC).");

/** Compares one number of each series with a limit. */
export const threshold = z
  .strictObject({
    column: column.optional().describe("Column whose value is compared. Nano-dollars are compared in dollars."),
    share: z
      .strictObject({
        of: column.describe("Column that counts some."),
        among: column.describe("Column that counts all."),
      })
      .optional()
      .describe(
        "In place of a column: a share, which is over its limit only when the 95% confidence bound is, so that one in three is silent.",
      ),
    op: z.enum(operators).describe("How it is compared."),
    value: z.number().describe("The limit."),
    times: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Name of an entry of `alerts.rules.amounts` that the limit is a multiple of; the rule is off without it.",
      ),
    least: z
      .strictObject({ column, count: z.number().positive() })
      .optional()
      .describe("Counts as no data while this column is below the count."),
    versus: z
      .strictObject({ window: duration(60_000), offset: duration(60_000) })
      .optional()
      .describe("Compares the ratio to the value of an earlier window, which ended `offset` before."),
    unit: z
      .enum(["none", "calls", "ratio", "milliseconds", "seconds", "dollars"])
      .optional()
      .describe("How `{{ value }}` is written, for SQL; a question knows its units."),
  })
  .superRefine(({ column: named, share, versus }, context) => {
    if ((named === undefined) === (share === undefined)) {
      context.addIssue({ code: "custom", message: "expected either `column` or `share`" });
    }
    if (share !== undefined && versus !== undefined) {
      context.addIssue({ code: "custom", path: ["versus"], message: "only a `column` can be compared with before" });
    }
  });

/** Compares one number of each series with a limit. */
export type Threshold = z.infer<typeof threshold>;

const burnWindows = z
  .strictObject({
    long: duration(60_000).describe("Window whose rate, at its lower 95% confidence bound, must burn."),
    short: duration(60_000).describe(
      "Window whose rate must burn as well, so that the alert ends soon after its cause.",
    ),
    factor: z.number().positive().describe("How many times faster than allowed the budget must burn."),
  })
  .refine(({ long, short }) => short < long, { path: ["short"], message: "expected a window shorter than `long`" });

/** Compares how fast an error budget is used up in pairs of windows. */
export const burnRate = z
  .strictObject({
    bad: column.describe("Column that counts what uses up the budget."),
    all: column.describe("Column that counts all."),
    objective: z.number().gt(0).lt(1).describe("Share that is to be good, such as 0.99."),
    windows: z.array(burnWindows).min(1).max(4).describe("Pairs of windows; one pair is enough to fire."),
  })
  .superRefine(({ objective, windows }, context) => {
    for (const [index, { factor }] of windows.entries()) {
      if (factor * (1 - objective) >= 1) {
        const message = "no rate can burn the budget so fast: all calls would have to be bad, and more";
        context.addIssue({ code: "custom", path: ["windows", index, "factor"], message });
      }
    }
  });

/** Compares how fast an error budget is used up in pairs of windows. */
export type BurnRate = z.infer<typeof burnRate>;

/** What makes a rule's alert: a number that is compared with a limit, or a budget that burns. */
export type Condition =
  | (Threshold & { readonly kind: "threshold"; readonly window: Window })
  | (BurnRate & { readonly kind: "burn_rate" });
