import type { Target } from "./route-table.ts";

/** The target a call goes to, and why. */
export interface Pick {
  readonly target: Target;
  readonly reason: string;
}

/**
 * Picks a target by weight. `u` is uniform in [0, 1); the same `u` and targets always give the same pick.
 * Null when no target has a weight above 0.
 */
export const pickTarget = (args: { readonly targets: readonly Target[]; readonly u: number }): Pick | null => {
  const total = args.targets.reduce((sum, target) => sum + target.weight, 0);
  let left = args.u * total;
  let last: Target | null = null;
  for (const target of args.targets) {
    if (target.weight <= 0) {
      continue;
    }
    last = target;
    left -= target.weight;
    if (left < 0) {
      break;
    }
  }
  // Rounding may leave `left` at 0 after every target: the last live one then takes the call.
  return last === null ? null : { target: last, reason: `weight ${last.weight}/${total}` };
};
