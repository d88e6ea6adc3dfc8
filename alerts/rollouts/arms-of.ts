import type { ArmTally } from "../../core/arms.ts";
import type { PlannedTarget, RoutePlan } from "../verdicts/route-plan.ts";
import type { Rollout } from "./rollout.ts";

type Trial = Pick<Rollout, "route" | "candidate" | "external">;

/**
 * What came of both arms of a trial: of the candidate, and of the other targets that have a weight of their own. Where others
 * shift the traffic no weights are known: the baseline is the variant that they named, or all others.
 */
export const armsOf = (
  routes: readonly RoutePlan[],
  trial: Trial,
  arms: readonly ArmTally[],
): { readonly candidate: readonly ArmTally[]; readonly baseline: readonly ArmTally[] } => {
  const own = arms.filter((arm) => arm.route === trial.route);
  return {
    candidate: own.filter(({ variant }) => variant === trial.candidate),
    baseline: own.filter(isBaseline(routes, trial)),
  };
};

const isBaseline = (routes: readonly RoutePlan[], trial: Trial): ((arm: ArmTally) => boolean) => {
  if (trial.external !== null) {
    const { baseline } = trial.external;
    return ({ variant }) => variant !== trial.candidate && (baseline === null || variant === baseline);
  }
  const live = new Set(baselineOf(routes, trial).map(({ variant }) => variant));
  return ({ variant }) => live.has(variant);
};

/** What both arms of a trial are configured to be: another text is another trial. Null when the candidate is not there any more. */
export const hashOfArms = (routes: readonly RoutePlan[], trial: Trial): string | null => {
  if (trial.external !== null) {
    return `external ${trial.external.checksum}`;
  }
  const candidate = targetsOf(routes, trial.route).find(({ variant }) => variant === trial.candidate);
  return candidate === undefined
    ? null
    : [candidate, ...baselineOf(routes, trial)]
        .map(({ variant, fingerprint }) => `${variant} ${fingerprint}`)
        .join(", ");
};

/** Whether the configuration gives the candidate all traffic of its route: then nothing is left to compare it with. */
export const hasAllTraffic = (routes: readonly RoutePlan[], trial: Trial): boolean => {
  const candidate = targetsOf(routes, trial.route).find(({ variant }) => variant === trial.candidate);
  return (
    trial.external === null && candidate !== undefined && candidate.weight > 0 && baselineOf(routes, trial).length === 0
  );
};

const baselineOf = (routes: readonly RoutePlan[], { route, candidate }: Trial): readonly PlannedTarget[] =>
  targetsOf(routes, route).filter(({ variant, weight }) => variant !== candidate && weight > 0);

const targetsOf = (routes: readonly RoutePlan[], route: string): readonly PlannedTarget[] =>
  routes.find(({ name }) => name === route)?.targets ?? [];
