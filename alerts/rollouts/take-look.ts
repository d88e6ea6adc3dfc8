import type { Look } from "../looks/look.ts";
import type { RoutePlan } from "../verdicts/route-plan.ts";
import { armsOf, hasAllTraffic, hashOfArms } from "./arms-of.ts";
import type { Rollout } from "./rollout.ts";
import { stepRollout } from "./step-rollout.ts";
import { stepUnits } from "./step-units.ts";
import { settledMs } from "./unit-cohorts.ts";
import { withAllTraffic, withoutCandidate } from "./wish-of.ts";

/** A trial after a look; one that counts users or sessions waits for a look that has them. Pure. */
export const takeLook = (before: Rollout, look: Look, routes: readonly RoutePlan[]): Rollout => {
  const hash = hashOfArms(routes, before);
  if (hash === null) {
    return withoutCandidate(before);
  }
  if (hasAllTraffic(routes, before)) {
    return withAllTraffic(before);
  }
  const { fromMs, toMs, arms } = look;
  if (before.unit === "request") {
    const own = isStale(before, { hash, fromMs }) ? { candidate: [], baseline: [] } : armsOf(routes, before, arms);
    return stepRollout(before, { fromMs, toMs, ...own, hash });
  }
  const cohorts = look.units?.get(before.id);
  return cohorts === undefined ? before : stepUnits(before, { toMs, hash, routes, cohorts });
};

/** Whether calls of a look may have begun with what an arm was configured to be before: they tell nothing of what it is now. */
const isStale = ({ judge, startedAtMs }: Rollout, look: { readonly hash: string; readonly fromMs: number }): boolean =>
  look.hash !== judge.hash || (judge.startedMs > startedAtMs && look.fromMs < judge.startedMs + settledMs);
