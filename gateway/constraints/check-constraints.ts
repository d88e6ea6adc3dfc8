import type { KeyConfig } from "../keys/key-config.ts";
import { withBuiltInProviders } from "../providers/built-in-providers.ts";
import type { ProviderConfig } from "../providers/provider-config.ts";
import type { RouteProblem } from "../route-checks.ts";
import type { RouteConfig } from "../route-config.ts";
import type { Demand } from "./demand.ts";
import { demandOf, demandText, isPermitted } from "./demand.ts";
import { placeOf } from "./place-of.ts";

interface Checked {
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  readonly routes: Readonly<Record<string, RouteConfig>>;
  readonly keys: readonly KeyConfig[];
}

/** Every route that no target may serve, and every key that no route can serve, by what they demand themselves. */
export const checkConstraints = ({ providers, routes, keys }: Checked): readonly RouteProblem[] => {
  const known = withBuiltInProviders(providers);
  const isServed = (route: RouteConfig, demands: readonly Demand[]): boolean =>
    route.targets.some((target) => isPermitted(placeOf(target, known[target.provider]), demands));
  const byRoute = Object.entries(routes).flatMap(([name, route]) => {
    const demands = demandOf("route", route);
    const message = `no call can be served: no target has ${demandText(demands)}`;
    return isServed(route, demands) ? [] : [{ path: ["routes", name], message }];
  });
  const byKey = keys.flatMap((key, index) => {
    const demands = demandOf("key", key);
    const own = Object.entries(routes).filter(([name]) => key.routes?.includes(name) ?? true);
    const message = `no call can be served: no target of its routes has ${demandText(demands)}`;
    const canUse = own.some(([, route]) => isServed(route, [...demandOf("route", route), ...demands]));
    return demands.length === 0 || canUse ? [] : [{ path: ["keys", index], message }];
  });
  return [...byRoute, ...byKey];
};
