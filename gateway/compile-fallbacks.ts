import type { RouteConfig } from "./route-config.ts";
import type { Target } from "./route-table.ts";

/** By variant of the target picked: who is asked in its place, in this order; those with nobody are left out. */
export const compileFallbacks = (
  { fallback, targets: configured }: Pick<RouteConfig, "fallback" | "targets">,
  targets: readonly Target[],
): ReadonlyMap<string, readonly Target[]> => {
  const classes = new Map(targets.map(({ variant }, index) => [variant, configured[index]?.class]));
  const othersOf = (picked: Target): readonly Target[] => {
    const others = targets.filter((target) => target !== picked);
    const ownClass = classes.get(picked.variant);
    return fallback === "class"
      ? others.filter(({ variant }) => ownClass !== undefined && classes.get(variant) === ownClass)
      : fallback.flatMap((name) => others.filter(({ variant }) => variant === name));
  };
  const all = targets.map((target): readonly [string, readonly Target[]] => [target.variant, othersOf(target)]);
  return new Map(all.filter(([, others]) => others.length > 0));
};
