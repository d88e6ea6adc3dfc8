import { findBorder } from "../../stats/special/find-root.ts";
import { logRegularizedBeta } from "../../stats/special/regularized-beta.ts";
import { median, quantile } from "../figure.ts";

/** When a rule rolled back: requests of the candidate until then, Infinity where it never did; one for each run. */
export type Outcomes = readonly number[];

/** What a rule did over all runs of a cell. */
export interface Tally {
  /** Share of runs that were rolled back. */
  readonly rolledBack: number;
  /** Upper end of its one-sided 95% interval (Clopper and Pearson, Biometrika 1934). */
  readonly upper: number;
  /** Requests of the candidate until then; a run without a rollback is longer than all others. */
  readonly median: number;
  readonly p90: number;
}

/** Counts what a rule did. */
export const tallyOf = (outcomes: Outcomes): Tally => {
  const count = outcomes.filter(Number.isFinite).length;
  return {
    rolledBack: count / outcomes.length,
    upper: upperBound(count, outcomes.length),
    median: median(outcomes),
    p90: quantile(outcomes, 0.9),
  };
};

/** The largest probability with which so few of so many would still be seen 5 times in 100. */
export const upperBound = (count: number, runs: number): number =>
  count === runs
    ? 1
    : findBorder((p) => p <= 0 || logRegularizedBeta(count + 1, runs - count, p) < Math.log(0.95), { low: 0, high: 1 });
