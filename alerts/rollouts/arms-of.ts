import type { ArmTally } from "../../core/arms.ts";
import type { PlannedTarget, RoutePlan } from "../verdicts/route-plan.ts";
import type { Rollout } from "./rollout.ts";

type Trial = Pick<Rollout, "route" | "candidate">;

/** What came of both arms of a trial: of the candidate, and of the other targets that have a weight of their own. */
export const armsOf = (
  routes: readonly RoutePlan[],
  { route, candidate }: Trial,
  arms: readonly ArmTally[],
): { readonly candidate: readonly ArmTally[]; readonly baseline: readonly ArmTally[] } => {
  const live = new Set(baselineOf(routes, { route, candidate }).map(({ variant }) => variant));
  const own = arms.filter((arm) => arm.route === route);
  return {
    candidate: own.filter(({ variant }) => variant === candidate),
    baseline: own.filter(({ variant }) => live.has(variant)),
  };
};

/** What both arms of a trial are configured to be: another text is another trial. Null when the candidate is not there any more. */
export const hashOfArms = (routes: readonly RoutePlan[], trial: Trial): string | null => {
  const candidate = targetsOf(routes, trial.route).find(({ variant }) => variant === trial.candidate);
  return candidate === undefined
    ? null
    : [candidate, ...baselineOf(routes, trial)]
        .map(({ variant, fingerprint }) => `${variant} ${fingerprint}`)
        .join(", ");
};

const baselineOf = (routes: readonly RoutePlan[], { route, candidate }: Trial): readonly PlannedTarget[] =>
  targetsOf(routes, route).filter(({ variant, weight }) => variant !== candidate && weight > 0);

const targetsOf = (routes: readonly RoutePlan[], route: string): readonly PlannedTarget[] =>
  routes.find(({ name }) => name === route)?.targets ?? [];
