import type { Refusal } from "../refusal.ts";
import type { Route, RouteCanary, Target } from "../route-table.ts";
import type { Demand } from "./demand.ts";
import { demandText, isPermitted } from "./demand.ts";

/** What is left of a route under the demands of a call. */
export interface ConstrainedRoute {
  /** A route in which no target is left, in any part, that a demand forbids. */
  readonly route: Route;
  /** Targets that were taken out. */
  readonly forbidden: number;
  /** Why, for the record; null where nothing was taken out. */
  readonly note: string | null;
  /** What a caller is told when no target that is left takes the call; null where nothing was taken out. */
  readonly refusal: Refusal | null;
}

/**
 * Takes out of a route whatever a call may not be sent to: as a target, as one that stands in, as a canary's arm, as a shadow. All
 * that comes later knows this route alone, and so cannot go against a demand. Where only targets are left that stand in for
 * others, the first of them takes the call.
 */
export const constrainRoute = (route: Route, demands: readonly Demand[]): ConstrainedRoute => {
  if (demands.length === 0) return { route, forbidden: 0, note: null, refusal: null };
  const permits = ({ place }: Target): boolean => isPermitted(place, demands);
  const targets = withoutCanary(route, permits).filter(permits);
  const forbidden = route.targets.length - targets.length;
  if (forbidden === 0) return { route, forbidden, note: null, refusal: null };
  const text = demandText(demands);
  const left = {
    ...route,
    targets,
    fallbacks: new Map([...route.fallbacks].map(([variant, list]) => [variant, list.filter(permits)])),
    canary: constrainCanary(route.canary, permits),
    shadow: route.shadow !== null && permits(route.shadow.target) ? route.shadow : null,
  };
  const constrained = targets.some(isLive)
    ? withControlArm(left, route.canary)
    : withStandIns(left, standInsOf(route.targets, left.fallbacks));
  return { route: constrained, forbidden, note: `only ${text}`, refusal: refusalFor(route, text, targets.length) };
};

/** Calls that a canary's candidate may not have are spread as if there were none. */
const withoutCanary = ({ canary, targets }: Route, permits: (target: Target) => boolean): readonly Target[] =>
  canary === null || permits(canary.candidate) ? targets : canary.others;

/** The share of a canary is kept, whoever is left of its control arm. */
const constrainCanary = (canary: RouteCanary | null, permits: (target: Target) => boolean): RouteCanary | null =>
  canary === null || !permits(canary.candidate) ? null : { ...canary, others: canary.others.filter(permits) };

const isLive = ({ weight }: Target): boolean => weight > 0;

/** A control arm of which no target is left has those that may stand in for it, but for the candidate: as the calls had before the canary. */
const withControlArm = (route: Route, before: RouteCanary | null): Route => {
  const { canary } = route;
  if (canary === null || before === null || canary.others.some(isLive)) return route;
  const [first, ...others] = standInsOf(before.others, route.fallbacks).filter(
    ({ variant }) => variant !== canary.candidate.variant,
  );
  if (first === undefined) return route;
  const fallbacks = new Map([...route.fallbacks, [first.variant, others] as const]);
  return { ...route, canary: { ...canary, others: [{ ...first, weight: 1 }] }, fallbacks };
};

/** Who may stand in for the targets that take calls, each once. */
const standInsOf = (targets: readonly Target[], permitted: Route["fallbacks"]): readonly Target[] => {
  const all = targets.filter(isLive).flatMap(({ variant }) => permitted.get(variant) ?? []);
  return [...new Map(all.map((target) => [target.variant, target])).values()];
};

const withStandIns = (route: Route, [first, ...others]: readonly Target[]): Route => {
  if (first === undefined) return route;
  return { ...route, canary: null, targets: [{ ...first, weight: 1 }], fallbacks: new Map([[first.variant, others]]) };
};

const refusalFor = ({ name }: Route, text: string, left: number): Refusal =>
  left === 0
    ? { code: "constraint.unmet", message: `The route "${name}" has no target with ${text}.`, param: null }
    : {
        code: "constraint.unmet_now",
        message: `The route "${name}" has no target with ${text} that takes calls at the moment.`,
        param: null,
      };
