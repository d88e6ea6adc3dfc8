import { createHash } from "node:crypto";
import type { ContentPolicy } from "../core/outcomes.ts";
import type { AssignmentUnit } from "../core/verdict.ts";
import type { AttemptLimits, RetryConfig } from "./attempts/retry-config.ts";
import { compileFallbacks } from "./compile-fallbacks.ts";
import type { Demand } from "./constraints/demand.ts";
import { demandOf } from "./constraints/demand.ts";
import type { Place } from "./constraints/place-of.ts";
import { placeOf } from "./constraints/place-of.ts";
import type { HedgeConfig } from "./hedge/hedge-config.ts";
import type { ProviderConfig } from "./providers/provider-config.ts";
import type { RouteConfig, TargetConfig } from "./route-config.ts";
import { variantOf } from "./variant-of.ts";

/** One place a call of a route may go. */
export interface Target {
  /** Name of the provider's entry in the configuration. */
  readonly provider: string;
  /** Model to ask for; null means the model requested. */
  readonly model: string | null;
  /** Relative to the other targets; 0 takes none. */
  readonly weight: number;
  readonly variant: string;
  /** Model that must answer; null pins none. */
  readonly pin: string | null;
  /** In a unit that the targets of a route share; null when it is not known. */
  readonly cost: number | null;
  readonly place: Place;
}

/** A canary on a route: who is assigned to its candidate, and where the others go. */
export interface RouteCanary {
  readonly candidate: Target;
  /** The targets but for the candidate, with their weights as they are without the canary. */
  readonly others: readonly Target[];
  /** Of all calls, from 0 to 1. */
  readonly share: number;
  readonly unit: AssignmentUnit;
  readonly salt: string;
}

/** Which calls of a route are sent a second time. */
export interface RouteShadow {
  readonly target: Target;
  /** Of the route's calls, from 0 to 1. */
  readonly share: number;
}

/** A route, ready to be used. */
export interface Route {
  readonly name: string;
  readonly isByNameOnly: boolean;
  readonly models: ReadonlySet<string>;
  /** In order of configuration; where a canary is on, their weights have its share in them. */
  readonly targets: readonly Target[];
  readonly balance: RouteConfig["balance"];
  /** By variant of the target picked: who is asked in its place, in this order. */
  readonly fallbacks: ReadonlyMap<string, readonly Target[]>;
  readonly retry: RetryConfig;
  readonly limits: AttemptLimits;
  /** Null when no call is sent to two targets at once. */
  readonly hedge: HedgeConfig | null;
  /** Null when no call is sent twice. */
  readonly shadow: RouteShadow | null;
  /** What it demands of the targets of its calls; empty where it demands nothing. */
  readonly demands: readonly Demand[];
  /** Targets that verdicts must leave live. */
  readonly floor: number;
  /** Null when no verdict asks for one. */
  readonly canary: RouteCanary | null;
  readonly contentPolicy: ContentPolicy;
  /** Of one call; null without a cap. */
  readonly maxInputTokens: number | null;
  readonly maxOutputTokens: number | null;
}

/** All routes; two tables with the same configured routes and the same verdicts in force have the same version. */
export interface RouteTable {
  /** First 12 hex characters of a hash of the configured routes; with verdicts in force `-` and 8 of a hash of their ids. */
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

/** Makes the table of a configuration's routes; `providers` say where their targets answer. */
export const compileRoutes = (
  routes: Readonly<Record<string, RouteConfig>>,
  defaultPolicy: ContentPolicy,
  providers: Providers = {},
): RouteTable => {
  const compiled = Object.entries(routes).map(([name, route]) =>
    compileRoute({ name, route, defaultPolicy, providers }),
  );
  const hash = createHash("sha256").update(JSON.stringify(routes)).update(placesText(compiled));
  return routeTable(hash.digest("hex").slice(0, 12), compiled);
};

/** Where the targets answer, which their providers may say; empty where nobody says anything. */
const placesText = (routes: readonly Route[]): string => {
  const places = routes.flatMap(({ targets }) => targets.map(({ place }) => place));
  const isSilent = places.every(({ region, compliance }) => region === null && compliance.length === 0);
  return isSilent ? "" : JSON.stringify(places);
};

type Providers = Readonly<Record<string, ProviderConfig>>;

interface CompileArgs {
  readonly name: string;
  readonly route: RouteConfig;
  readonly defaultPolicy: ContentPolicy;
  readonly providers: Providers;
}

/** The table of routes that are ready to be used. */
export const routeTable = (version: string, routes: readonly Route[]): RouteTable => {
  const open = routes.filter((route) => !route.isByNameOnly);
  return {
    version,
    byName: new Map(routes.map((route) => [route.name, route])),
    byModel: new Map(open.flatMap((route) => [...route.models].map((model) => [model, route]))),
  };
};

const compileRoute = ({ name, route, defaultPolicy, providers }: CompileArgs): Route => {
  const targets = route.targets.map((target) => compileTarget(target, providers));
  return {
    name,
    isByNameOnly: route.isByNameOnly,
    models: new Set(route.models),
    targets,
    balance: route.balance,
    fallbacks: compileFallbacks(route, targets),
    retry: route.retry,
    limits: route.limits,
    hedge: route.hedge ?? null,
    shadow: compileShadow(route, targets),
    demands: demandOf("route", route),
    floor: route.floor,
    canary: null,
    contentPolicy: route.contentPolicy ?? defaultPolicy,
    maxInputTokens: route.maxInputTokens ?? null,
    maxOutputTokens: route.maxOutputTokens ?? null,
  };
};

const compileShadow = ({ shadow }: RouteConfig, targets: readonly Target[]): RouteShadow | null => {
  const target = targets.find(({ variant }) => variant === shadow?.variant);
  return shadow === undefined || target === undefined ? null : { target, share: shadow.share };
};

const compileTarget = (target: TargetConfig, providers: Providers): Target => ({
  provider: target.provider,
  model: target.model ?? null,
  weight: target.weight,
  variant: variantOf(target),
  pin: target.pin ?? null,
  cost: target.cost ?? null,
  place: placeOf(target, providers[target.provider]),
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
