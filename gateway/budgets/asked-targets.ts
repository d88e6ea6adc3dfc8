import type { Route, Target } from "../route-table.ts";

/** The targets of a route that a call may be sent to, but for one that only gets shadows: no budget is charged for those. */
export const askedTargets = ({ targets, shadow, fallbacks }: Route): readonly Target[] => {
  const variant = shadow?.target.variant;
  const standsIn = [...fallbacks.values()].some((list) => list.some((each) => each.variant === variant));
  return standsIn ? targets : targets.filter((target) => target.variant !== variant || target.weight > 0);
};
