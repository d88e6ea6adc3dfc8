import type { PlannedTarget, RoutePlan } from "../verdicts/route-plan.ts";
import type { Rollout } from "./rollout.ts";
import { isUnderWay, shareOf } from "./rollout.ts";

/** What a canary asks for that may be over. */
interface Held {
  readonly route: string;
  readonly candidate: string;
  readonly share: number;
}

/**
 * What of the configuration a share that outlives its canary was decided for: none holds until the candidate's weight or what it
 * is changes, all of it until any weight of the route does.
 */
export const heldFor = (routes: readonly RoutePlan[], { route, candidate, share }: Held): string => {
  const targets = targetsOf(routes, route);
  const relevant = share === 0 ? targets.filter(({ variant }) => variant === candidate) : targets;
  return relevant
    .map(({ variant, weight, fingerprint }) => `${variant} ${weight}${share === 0 ? ` ${fingerprint}` : ""}`)
    .join(", ");
};

/**
 * Whether the verdict of a canary that is over is of no use any more: the configuration asks for the same by now, or was changed
 * since, which is the operator's word. Of a canary that nobody remembers, null, only a whole share or none is worth keeping.
 */
export const mayLapse = (routes: readonly RoutePlan[], held: Held, canary: Rollout | null): boolean => {
  // Of a share that is not the canary's own any more the right one is still to be asked for.
  if (canary !== null && (isUnderWay(canary) || shareOf(canary) !== held.share)) {
    return false;
  }
  if (isConfigured(routes, held)) {
    return true;
  }
  const decidedFor = canary?.heldFor ?? null;
  return decidedFor === null ? held.share > 0 && held.share < 1 : decidedFor !== heldFor(routes, held);
};

/** Whether the configured weights give a candidate that share, or cannot give it any. */
const isConfigured = (routes: readonly RoutePlan[], { route, candidate, share }: Held): boolean => {
  const targets = targetsOf(routes, route);
  const own = targets.find(({ variant }) => variant === candidate);
  if (own === undefined) {
    return true;
  }
  const others = targets.filter((target) => target !== own);
  switch (share) {
    case 0:
      return own.weight === 0 && !own.standsIn;
    case 1:
      return own.weight > 0 && others.every(({ weight }) => weight === 0);
    default:
      return false;
  }
};

const targetsOf = (routes: readonly RoutePlan[], route: string): readonly PlannedTarget[] =>
  routes.find(({ name }) => name === route)?.targets ?? [];
