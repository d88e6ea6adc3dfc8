import type { Alert } from "../../core/alert.ts";
import type { InhibitionSettings, Inhibitor } from "./inhibit.ts";
import { makeInhibition } from "./inhibit.ts";
import type { Route, RouteOptions, RouteSettings } from "./route-tree.ts";
import { allRoutes, buildTree } from "./route-tree.ts";

/** What a kind of receiver wants to hear. */
export interface ReceiverTraits {
  /** Whether it is told that an alert has ended. */
  readonly sendsResolved: boolean;
  /**
   * Milliseconds after which it forgets what it is not told again; such a receiver groups by itself and gets everything at
   * once. Null for one that remembers.
   */
  readonly resendMs: number | null;
}

/** The rules of telling, prepared from the configuration. */
export interface DeliveryPolicy {
  readonly tree: Route;
  readonly routes: ReadonlyMap<string, Route>;
  readonly inhibitedBy: (firing: readonly Alert[]) => Inhibitor;
  readonly traits: ReadonlyMap<string, ReceiverTraits>;
}

/** Prepares the rules of telling. */
export const makePolicy = (args: {
  readonly route: RouteSettings;
  readonly defaults: RouteOptions;
  readonly inhibitions: readonly InhibitionSettings[];
  readonly traits: ReadonlyMap<string, ReceiverTraits>;
}): DeliveryPolicy => {
  const tree = buildTree(args.route, args.defaults);
  return {
    tree,
    routes: new Map(allRoutes(tree).map((route) => [route.key, route])),
    inhibitedBy: makeInhibition(args.inhibitions),
    traits: args.traits,
  };
};

/** When the groups of a route are looked at and told, given what its receiver wants. */
export const timingOf = (
  route: RouteOptions,
  { traits }: DeliveryPolicy,
): Pick<RouteOptions, "groupWaitMs" | "groupIntervalMs" | "repeatIntervalMs"> => {
  const resendMs = traits.get(route.receiver)?.resendMs ?? null;
  return resendMs === null
    ? route
    : { groupWaitMs: 0, groupIntervalMs: Math.min(resendMs, route.groupIntervalMs), repeatIntervalMs: resendMs };
};
