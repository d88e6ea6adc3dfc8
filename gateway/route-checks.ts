import { withBuiltInProviders } from "./providers/built-in-providers.ts";
import type { ProviderConfig } from "./providers/provider-config.ts";
import type { RouteConfig } from "./route-config.ts";
import { variantOf } from "./variant-of.ts";

/** A mistake that concerns more than one setting. */
export interface RouteProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Checked {
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  readonly routes: Readonly<Record<string, RouteConfig>>;
}

/** Every mistake in how routes refer to providers and to each other, all at once. */
export const checkRoutes = ({ providers, routes }: Checked): readonly RouteProblem[] => {
  const known = withBuiltInProviders(providers);
  const perRoute = Object.entries(routes).flatMap(([name, route]) => [
    ...checkTargets({ name, route, known }),
    ...checkVariants(name, route),
    ...checkFallback(name, route),
    ...checkShadow(name, route),
    ...checkHedge(name, route),
  ]);
  return [...perRoute, ...checkModels(routes)];
};

const checkTargets = (args: {
  readonly name: string;
  readonly route: RouteConfig;
  readonly known: Readonly<Record<string, ProviderConfig>>;
}): readonly RouteProblem[] => {
  const { name, route, known } = args;
  const unknown = route.targets.flatMap((target, index) =>
    Object.hasOwn(known, target.provider)
      ? []
      : [
          {
            path: ["routes", name, "targets", index, "provider"],
            message: `no provider is named "${target.provider}"`,
          },
        ],
  );
  return [...unknown, ...checkWeights(name, route)];
};

const checkWeights = (name: string, { targets, floor }: RouteConfig): readonly RouteProblem[] => {
  const live = targets.filter(({ weight }) => weight > 0).length;
  if (live === 0) {
    return [{ path: ["routes", name, "targets"], message: "at least one target needs a weight above 0" }];
  }
  const message = `only ${live} of the targets ${live === 1 ? "has" : "have"} a weight above 0`;
  return live < floor ? [{ path: ["routes", name, "floor"], message }] : [];
};

const checkVariants = (name: string, route: RouteConfig): readonly RouteProblem[] => {
  const seen = new Set<string>();
  return route.targets.flatMap((target, index) => {
    const variant = variantOf(target);
    const isDouble = seen.has(variant);
    seen.add(variant);
    const message = `another target of this route is also called "${variant}": give one of them a variant`;
    return isDouble ? [{ path: ["routes", name, "targets", index], message }] : [];
  });
};

const checkFallback = (name: string, { fallback, targets }: RouteConfig): readonly RouteProblem[] => {
  if (fallback === "class") {
    const hasClass = targets.some((target) => target.class !== undefined);
    return hasClass ? [] : [{ path: ["routes", name, "fallback"], message: "no target has a class" }];
  }
  const known = new Set(targets.map(variantOf));
  return fallback.flatMap((variant, index) =>
    known.has(variant)
      ? []
      : [{ path: ["routes", name, "fallback", index], message: `no target of this route is called "${variant}"` }],
  );
};

const checkShadow = (name: string, { shadow, targets }: RouteConfig): readonly RouteProblem[] => {
  if (shadow === undefined || targets.some((target) => variantOf(target) === shadow.variant)) return [];
  const message = `no target of this route is called "${shadow.variant}"`;
  return [{ path: ["routes", name, "shadow", "variant"], message }];
};

const checkHedge = (name: string, { hedge, fallback, retry }: RouteConfig): readonly RouteProblem[] => {
  if (hedge === undefined) return [];
  const problem = (message: string): RouteProblem => ({ path: ["routes", name, "hedge"], message });
  return [
    ...(hedge.afterMs === undefined && hedge.afterQuantile === undefined
      ? [problem("it needs afterMs or afterQuantile")]
      : []),
    ...(fallback.length === 0 ? [problem("it needs fallback: the targets that may be asked")] : []),
    ...(retry.attempts < 2 ? [problem("it needs retry.attempts of at least 2")] : []),
  ];
};

const checkModels = (routes: Readonly<Record<string, RouteConfig>>): readonly RouteProblem[] => {
  const owner = new Map<string, string>();
  return Object.entries(routes)
    .filter(([, route]) => !route.isByNameOnly)
    .flatMap(([name, route]) =>
      route.models.flatMap((model, index) => {
        const first = owner.get(model);
        owner.set(model, first ?? name);
        const message = `route "${first}" already serves "${model}"`;
        return first === undefined ? [] : [{ path: ["routes", name, "models", index], message }];
      }),
    );
};
