import { createHash } from "node:crypto";
import type { ContentPolicy } from "../core/outcomes.ts";
import type { RouteConfig, TargetConfig } from "./route-config.ts";

/** One place a call of a route may go. */
export interface Target {
  /** Name of the provider's entry in the configuration. */
  readonly provider: string;
  /** Model to ask for; null means the model requested. */
  readonly model: string | null;
  readonly weight: number;
  readonly variant: string;
}

/** A route, ready to be used. */
export interface Route {
  readonly name: string;
  readonly isByNameOnly: boolean;
  readonly models: ReadonlySet<string>;
  readonly targets: readonly Target[];
  readonly contentPolicy: ContentPolicy;
}

/** All routes of one configuration; two tables with the same routes have the same version. */
export interface RouteTable {
  /** First 12 hex characters of a hash of the routes. */
  readonly version: string;
  readonly byName: ReadonlyMap<string, Route>;
  readonly byModel: ReadonlyMap<string, Route>;
}

/** What a lookup found, or why it found nothing. */
export type RouteLookup =
  | { readonly kind: "found"; readonly route: Route }
  | { readonly kind: "unknown_route" }
  | { readonly kind: "unknown_model" };

const anyModel = "*";

/** The name of a target on the spans. */
export const variantOf = (target: Pick<TargetConfig, "provider" | "model" | "variant">): string =>
  target.variant ?? (target.model === undefined ? target.provider : `${target.provider}/${target.model}`);

/** Makes the table of a configuration's routes. */
export const compileRoutes = (
  routes: Readonly<Record<string, RouteConfig>>,
  defaultPolicy: ContentPolicy,
): RouteTable => {
  const compiled = Object.entries(routes).map(([name, route]) => compileRoute(name, route, defaultPolicy));
  const open = compiled.filter((route) => !route.isByNameOnly);
  return {
    version: createHash("sha256").update(JSON.stringify(routes)).digest("hex").slice(0, 12),
    byName: new Map(compiled.map((route) => [route.name, route])),
    byModel: new Map(open.flatMap((route) => [...route.models].map((model) => [model, route]))),
  };
};

const compileRoute = (name: string, route: RouteConfig, defaultPolicy: ContentPolicy): Route => ({
  name,
  isByNameOnly: route.isByNameOnly,
  models: new Set(route.models),
  targets: route.targets.map((target) => ({
    provider: target.provider,
    model: target.model ?? null,
    weight: target.weight,
    variant: variantOf(target),
  })),
  contentPolicy: route.contentPolicy ?? defaultPolicy,
});

/** Finds the route of a call: the one its header names, else the one that lists its model, else the one for any model. */
export const findRoute = (table: RouteTable, name: string | null, model: string): RouteLookup => {
  if (name === null) {
    const route = table.byModel.get(model) ?? table.byModel.get(anyModel);
    return route === undefined ? { kind: "unknown_model" } : { kind: "found", route };
  }
  const route = table.byName.get(name);
  if (route === undefined) {
    return { kind: "unknown_route" };
  }
  return route.models.has(model) || route.models.has(anyModel) ? { kind: "found", route } : { kind: "unknown_model" };
};

/** The models that a caller can ask for without naming a route, in order of configuration. */
export const listModels = (table: RouteTable): readonly string[] =>
  [...table.byModel.keys()].filter((model) => model !== anyModel);
