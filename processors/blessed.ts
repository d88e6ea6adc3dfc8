import { z } from "zod";
import type { SeenMinute, Values } from "./drift-series.ts";
import { merged } from "./drift-series.ts";
import type { Baseline, DriftState } from "./drift-state.ts";
import { timeConfig } from "./time-config.ts";

/** A span of answers that somebody looked at and found good. */
export const blessedConfig = z
  .strictObject({
    route: z.string().min(1).describe("Route that is held against it."),
    model: z
      .string()
      .min(1)
      .optional()
      .describe("Only this model, as it answers; absent means every model of the route."),
    from: timeConfig.describe("Begin, such as 2026-11-01T00:00:00Z; taken down to the hour."),
    to: timeConfig.describe("End; taken down to the hour."),
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) >= 3_600_000, {
    message: "it must be an hour at least",
    path: ["to"],
  });

/** A span of answers that somebody found good, as configured. */
export type Blessed = z.infer<typeof blessedConfig>;

/** What a series is held against for good: the first span that names its route and model; null without one. */
export const blessedOf = (
  blessed: readonly Blessed[],
  { route, model }: Pick<SeenMinute, "route" | "model">,
): Blessed | null => blessed.find((one) => one.route === route && (one.model ?? model) === model) ?? null;

/** What it is called in findings; another span has another name, and the test begins anew. */
export const blessedName = ({ from, to }: Blessed): string => `the pinned baseline, ${from} to ${to}`;

/** The baseline that the hours of a span add up to. */
export const blessedBaseline = (hours: readonly SeenMinute[], span: Blessed): Baseline => ({
  from: blessedName(span),
  values: hours.reduce<Values>((all, { values }) => merged(all, values), {}),
  strata: {},
  sum: hours.reduce((total, { sum }) => total + sum, 0),
});

/** The state of a series that is held against a pinned baseline, before its first hour. */
export const pinnedStart = (own: Baseline, isCategory: boolean): DriftState => ({
  isCategory,
  own,
  pass: null,
  passes: 0,
  isAlarmed: false,
});
