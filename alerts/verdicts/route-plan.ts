/** A target of a route, as the configuration has it. */
export interface PlannedTarget {
  readonly variant: string;
  /** Name of the provider's entry in the configuration. */
  readonly provider: string;
  /** Share of the calls, relative to the other targets; 0 takes none but what a verdict gives it. */
  readonly weight: number;
  /** Whether it stands in for targets that failed, whatever its weight. */
  readonly standsIn?: boolean;
  /** Changes whenever what the target is configured to be changes. */
  readonly fingerprint: string;
}

/** A route, as the configuration has it. */
export interface RoutePlan {
  readonly name: string;
  readonly targets: readonly PlannedTarget[];
}

/** The routes as the configuration has them at present: it may be read anew while the role works. */
export type RoutesNow = () => readonly RoutePlan[];

/**
 * Share of a route's configured traffic that factors keep away from its targets, from 0 to 1; a target without a factor keeps
 * all of its own.
 */
export const movedShare = (plan: RoutePlan, factors: ReadonlyMap<string, number>): number => {
  const total = plan.targets.reduce((sum, { weight }) => sum + weight, 0);
  const away = plan.targets.reduce((sum, { variant, weight }) => sum + weight * (1 - (factors.get(variant) ?? 1)), 0);
  return total === 0 ? 0 : away / total;
};
