import type { Look } from "../looks/look.ts";
import type { RoutePlan } from "../verdicts/route-plan.ts";
import { armsOf, hasAllTraffic, hashOfArms } from "./arms-of.ts";
import type { Rollout } from "./rollout.ts";
import { stepRollout } from "./step-rollout.ts";
import { stepUnits } from "./step-units.ts";
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
    return stepRollout(before, { fromMs, toMs, ...armsOf(routes, before, arms), hash });
  }
  const cohorts = look.units?.get(before.id);
  return cohorts === undefined ? before : stepUnits(before, { toMs, hash, routes, cohorts });
};
