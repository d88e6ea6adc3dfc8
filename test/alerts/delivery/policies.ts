import type { Matcher } from "../../../alerts/delivery/matcher.ts";
import { parseMatcher } from "../../../alerts/delivery/matcher.ts";
import type { ReceiverTraits } from "../../../alerts/delivery/policy.ts";
import { makePolicy } from "../../../alerts/delivery/policy.ts";
import type { RouteOptions, RouteSettings } from "../../../alerts/delivery/route-tree.ts";

/** Matchers from their text. */
export const matchersOf = (...texts: readonly string[]): readonly Matcher[] =>
  texts.map((text) => {
    const parsed = parseMatcher(text);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.matcher;
  });

/** A route of a test: its conditions as text, and what it does not leave to its parent. */
export const routeOf = (
  matchers: readonly string[],
  more: Partial<Omit<RouteSettings, "matchers">> = {},
): RouteSettings => ({ continue: false, routes: [], ...more, matchers: matchersOf(...matchers) });

/** Alertmanager's own intervals, one receiver, and groups by route and model. */
export const defaults: RouteOptions = {
  receiver: "log",
  groupBy: ["route", "model"],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 14_400_000,
};

/** A policy with a tree, inhibition rules as text, and receivers that remember and want to hear of ends. */
export const policyOf = (args: {
  readonly route?: RouteSettings;
  readonly inhibitions?: readonly {
    readonly source: readonly string[];
    readonly target: readonly string[];
    readonly equal: readonly string[];
  }[];
  readonly traits?: Readonly<Record<string, ReceiverTraits>>;
}) =>
  makePolicy({
    route: args.route ?? routeOf([]),
    defaults,
    inhibitions: (args.inhibitions ?? []).map(({ source, target, equal }) => ({
      source: matchersOf(...source),
      target: matchersOf(...target),
      equal,
    })),
    traits: new Map(Object.entries(args.traits ?? {})),
  });
