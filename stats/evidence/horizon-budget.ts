import { requirePositive } from "../special/require-number.ts";

/** How many false alarms are acceptable. */
export interface FalseAlarmBudget {
  /** Series that are watched. */
  readonly series: number;
  /** Buckets that each series has in the period. */
  readonly buckets: number;
  /** False alarms that are acceptable over all series in the period, in expectation. */
  readonly falseAlarms: number;
}

/**
 * Test J: the threshold A of `driftEvidence` with which many series together have at most so many false alarms in a period, in
 * expectation: A = series * buckets / falseAlarms. Its logarithm is what `logEvidence` is compared with.
 */
export const horizonBudget = ({ series, buckets, falseAlarms }: FalseAlarmBudget): number =>
  (requirePositive("series", series) * requirePositive("buckets", buckets)) /
  requirePositive("falseAlarms", falseAlarms);
