import { z } from "zod";
import type { RoleState } from "../core/events.ts";
import type { BaselineWindow } from "../core/pinned-baseline.ts";
import { pinnedBaseline } from "../core/pinned-baseline.ts";
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

/** A span of answers that somebody found good, as configured or as pinned by command. */
export type Blessed = BaselineWindow;

/** What a series is held against for good: the first span that names it; null without one. */
export const blessedOf = (
  blessed: readonly Blessed[],
  series: Pick<SeenMinute, "tenant" | "route" | "variant" | "model" | "prompt">,
): Blessed | null =>
  blessed.find(
    (one) =>
      one.route === series.route &&
      (one.tenant ?? series.tenant) === series.tenant &&
      (one.variant ?? series.variant) === series.variant &&
      (one.model ?? series.model) === series.model &&
      (one.prompt ?? series.prompt) === series.prompt,
  ) ?? null;

/** What holds of what is kept under the name of baselines, the latest first. */
export const pinnedWindows = (states: readonly Pick<RoleState, "state">[]): readonly Blessed[] =>
  states
    .map(({ state }) => pinnedBaseline.parse(JSON.parse(state)))
    .filter(({ cleared }) => cleared === null)
    .toSorted((a, b) => b.atMs - a.atMs)
    .map(({ window }) => window);

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
