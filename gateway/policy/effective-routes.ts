import { hash } from "node:crypto";
import type { Verdict, VerdictEffect } from "../../core/verdict.ts";
import type { Route, RouteTable, Target } from "../route-table.ts";
import { routeTable } from "../route-table.ts";
import type { EffectiveRoute } from "./effective-targets.ts";
import { effectiveTargets } from "./effective-targets.ts";
import type { PolicyTable, PolicyTarget } from "./policy-table.ts";

/** Hex characters kept of the hash of the verdicts in force. */
const hashLength = 8;

/** The configured routes as the verdicts in force make them: what calls are spread by. A route without verdicts is as it was. */
export const effectiveRoutes = (
  configured: RouteTable,
  table: Pick<PolicyTable, "latest">,
  nowMs: number,
): RouteTable => {
  const routes = [...configured.byName.values()].map((route) => ({
    route,
    effective: effectiveTargets(route, table, nowMs),
  }));
  const inForce = routes.flatMap(({ effective }) => effective.inForce.map(({ id }) => id)).sort();
  if (inForce.length === 0) return configured;
  const version = `${configured.version}-${hash("sha256", inForce.join()).slice(0, hashLength)}`;
  return routeTable(
    version,
    routes.map(({ route, effective }) => withVerdicts(route, effective)),
  );
};

const withVerdicts = (route: Route, { targets, canary, inForce }: EffectiveRoute): Route => {
  if (inForce.length === 0) return route;
  const weights = weightsOf(targets);
  const weighed = withWeights(route.targets, weights);
  const candidate = weighed.find(({ variant }) => variant === canary?.candidate);
  const fallbacks = openFallbacks(route, { inForce, weights });
  if (canary === null || candidate === undefined) return { ...route, targets: weighed, fallbacks };
  const { share, unit, salt } = canary;
  const others = withWeights(
    weighed.filter((target) => target !== candidate),
    weightsOf(canary.others),
  );
  return { ...route, targets: weighed, fallbacks, canary: { candidate, others, share, unit, salt } };
};

const weightsOf = (targets: readonly PolicyTarget[]): ReadonlyMap<string, number> =>
  new Map(targets.map(({ variant, weight }) => [variant, weight]));

const withWeights = (targets: readonly Target[], weights: ReadonlyMap<string, number>): readonly Target[] =>
  targets.map((target) => ({ ...target, weight: weights.get(target.variant) ?? 0 }));

/** A target from which verdicts have taken everything stands in for nobody; one that is only there to stand in has nothing to lose. */
const openFallbacks = (
  { fallbacks, targets }: Route,
  by: { readonly inForce: readonly Verdict[]; readonly weights: ReadonlyMap<string, number> },
): Route["fallbacks"] => {
  const closed = new Set(by.inForce.flatMap(({ effect }) => closedBy(effect)));
  for (const { variant, weight } of targets) {
    if (weight > 0 && by.weights.get(variant) === 0) closed.add(variant);
  }
  return new Map([...fallbacks].map(([variant, list]) => [variant, list.filter((each) => !closed.has(each.variant))]));
};

const closedBy = (effect: VerdictEffect): readonly string[] => {
  if (effect.kind === "target" && effect.factor === 0) return [effect.variant];
  return effect.kind === "canary" && effect.share === 0 ? [effect.candidate] : [];
};
