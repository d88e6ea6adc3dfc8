import type { Verdict } from "../../core/verdict.ts";

/** A route as verdicts see it. */
export interface PolicyRoute {
  readonly name: string;
  /** Targets that must be left to take calls. */
  readonly floor: number;
  readonly targets: readonly PolicyTarget[];
}

/** A target of a route, with its weight relative to the others; 0 takes none. */
export interface PolicyTarget {
  readonly variant: string;
  readonly weight: number;
}

/** Everything that decides over traffic. Two tables that have seen the same verdicts are the same, in whatever order they came. */
export interface PolicyTable {
  /** The configured routes, by name. */
  readonly routes: ReadonlyMap<string, PolicyRoute>;
  /** The latest verdict on each subject, in force or not: one that has expired still keeps earlier ones from coming back. */
  readonly latest: ReadonlyMap<string, Verdict>;
}
