import type { Verdict } from "../../../core/verdict.ts";
import { decide } from "../../../gateway/policy/decide.ts";
import type { EffectiveRoute } from "../../../gateway/policy/effective-targets.ts";
import { effectiveTargets } from "../../../gateway/policy/effective-targets.ts";
import type { PolicyRoute, PolicyTable } from "../../../gateway/policy/policy-table.ts";
import { nowMs, tableOf } from "./verdicts.ts";

/** The table of a route after verdicts. */
export const tableAfter = (route: PolicyRoute, verdicts: readonly Verdict[]): PolicyTable =>
  verdicts.reduce((table, verdict) => decide(verdict, table, nowMs).table, tableOf(route));

/** The share of each target in the calls of its route, by variant. */
export const sharesOf = ({ targets }: Pick<EffectiveRoute, "targets">): Readonly<Record<string, number>> => {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  return Object.fromEntries(targets.map(({ variant, weight }) => [variant, weight / total]));
};

/** What verdicts make of a route. */
export const effective = (route: PolicyRoute, verdicts: readonly Verdict[], atMs = nowMs): EffectiveRoute =>
  effectiveTargets(route, tableAfter(route, verdicts), atMs);
