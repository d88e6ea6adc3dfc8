import type { VerdictEffect } from "../../core/verdict.ts";
import type { RoutePlan } from "./route-plan.ts";
import { movedShare } from "./route-plan.ts";
import type { SubjectRecord } from "./subject-record.ts";
import { needsRenewal } from "./subject-record.ts";

/** Share of a route that verdicts in force and one more would keep away from its targets; 0 of a route that is not known. */
export const movedBy = (args: {
  readonly effect: VerdictEffect;
  readonly records: Iterable<SubjectRecord>;
  readonly routes: readonly RoutePlan[];
}): number => {
  const { effect, records, routes } = args;
  const plan = routes.find(({ name }) => name === effect.route);
  if (plan === undefined || effect.kind !== "target") {
    return 0;
  }
  const factors = new Map<string, number>();
  for (const record of records) {
    const other = record.last.effect;
    if (needsRenewal(record) && other.kind === "target" && other.route === effect.route) {
      factors.set(other.variant, other.factor);
    }
  }
  return movedShare(plan, factors.set(effect.variant, effect.factor));
};
