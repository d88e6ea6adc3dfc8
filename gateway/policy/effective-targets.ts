import type { AssignmentUnit, Verdict, VerdictEffect } from "../../core/verdict.ts";
import type { PolicyRoute, PolicyTable, PolicyTarget } from "./policy-table.ts";

/** A canary that takes its share of a route's calls. */
export interface EffectiveCanary {
  readonly candidate: string;
  /** The targets but for the candidate, with their weights as they were without the canary. */
  readonly others: readonly PolicyTarget[];
  /** Of all calls of the route, from 0 to 1. */
  readonly share: number;
  readonly unit: AssignmentUnit;
  readonly salt: string;
}

/** What the verdicts in force make of a route. */
export interface EffectiveRoute {
  /** In order of configuration; a weight already has the canary's share in it. */
  readonly targets: readonly PolicyTarget[];
  readonly canary: EffectiveCanary | null;
  /** The verdicts that made it so. */
  readonly inForce: readonly Verdict[];
  /** The verdicts that wait, because they would leave fewer live targets than the floor. */
  readonly held: readonly Verdict[];
}

/** The targets of a route at a time: configured weights times factors, then the tier, then the canary's share of all calls. */
export const effectiveTargets = (
  route: PolicyRoute,
  { latest }: Pick<PolicyTable, "latest">,
  nowMs: number,
): EffectiveRoute => {
  const variants = new Set(route.targets.map(({ variant }) => variant));
  const ours = [...latest.values()].filter(({ effect }) => effect.route === route.name);
  const live = ours.filter(({ effect, expiresAtMs }) => expiresAtMs > nowMs && isAbout(effect, variants));
  let state: EffectiveRoute = { targets: route.targets, canary: null, inForce: [], held: [] };
  for (const verdict of inOrder(live, route)) {
    const next = withEffect(state, verdict.effect);
    state =
      next === null || countLive(next.targets) < Math.min(route.floor, countLive(state.targets))
        ? { ...state, held: [...state.held, verdict] }
        : { ...next, inForce: [...state.inForce, verdict] };
  }
  return state;
};

/** The targets that take calls. */
const countLive = (targets: readonly PolicyTarget[]): number => targets.filter(({ weight }) => weight > 0).length;

const isAbout = (effect: VerdictEffect, variants: ReadonlySet<string>): boolean => {
  const variant = effect.kind === "canary" ? effect.candidate : effect.variant;
  return variant === null || variants.has(variant);
};

const kinds: readonly VerdictEffect["kind"][] = ["target", "tier", "canary"];

/**
 * An order that lasts however often verdicts are issued again. Factors of the targets configured last come first: where not
 * all can be ejected, those configured first stay.
 */
const inOrder = (verdicts: readonly Verdict[], { targets }: PolicyRoute): readonly Verdict[] => {
  const place = ({ effect }: Verdict): number =>
    effect.kind === "target" ? -targets.findIndex(({ variant }) => variant === effect.variant) : 0;
  return [...verdicts].sort(
    (a, b) => kinds.indexOf(a.effect.kind) - kinds.indexOf(b.effect.kind) || place(a) - place(b),
  );
};

/** A route with one more effect; null when nobody would be left to take the calls that it leaves over. */
const withEffect = (state: EffectiveRoute, effect: VerdictEffect): EffectiveRoute | null => {
  switch (effect.kind) {
    case "target":
      return { ...state, targets: scaled(state.targets, effect) };
    case "tier":
      return effect.variant === null ? state : withTier(state, effect.variant);
    case "canary":
      return withCanary(state, effect);
  }
};

const scaled = (
  targets: readonly PolicyTarget[],
  { variant, factor }: { readonly variant: string; readonly factor: number },
): readonly PolicyTarget[] =>
  targets.map((target) => (target.variant === variant ? { ...target, weight: target.weight * factor } : target));

const withTier = (state: EffectiveRoute, variant: string): EffectiveRoute | null =>
  isEjected(state, variant)
    ? null
    : { ...state, targets: state.targets.map((target) => ({ ...target, weight: target.variant === variant ? 1 : 0 })) };

const withCanary = (
  state: EffectiveRoute,
  effect: Extract<VerdictEffect, { readonly kind: "canary" }>,
): EffectiveRoute | null => {
  const { candidate, unit, salt } = effect;
  // A candidate that was ejected gets nothing, canary or not.
  const share = isEjected(state, candidate) ? 0 : effect.share;
  const others = state.targets.filter(({ variant }) => variant !== candidate);
  const total = others.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0 && share < 1) return null;
  const weightOf = ({ variant, weight }: PolicyTarget): number => {
    if (variant === candidate) return share;
    return total === 0 ? 0 : (weight / total) * (1 - share);
  };
  const targets = state.targets.map((target) => ({ ...target, weight: weightOf(target) }));
  return { ...state, targets, canary: { candidate, others, share, unit, salt } };
};

/** Whether a verdict in force has taken everything from a target. */
const isEjected = ({ inForce }: EffectiveRoute, variant: string): boolean =>
  inForce.some(({ effect }) => effect.kind === "target" && effect.variant === variant && effect.factor === 0);
