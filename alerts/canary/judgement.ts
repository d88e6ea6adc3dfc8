import type { Effect } from "./effect.ts";
import type { CanaryMetric } from "./metric.ts";
import type { Needed } from "./needed.ts";
import type { CanaryStage } from "./plan.ts";

/** What a canary is judged to be. `invalid`: its arms cannot be compared; `hold`: undecided when its stage's time is over. */
export type CanaryVerdict = "pass" | "continue" | "fail" | "invalid" | "hold";

/** Why, for programs; `says` is for people. */
export type CanaryReason =
  | "harm"
  | "sample_ratio"
  | "shown"
  | "complete"
  | "undecided"
  | "small_effect"
  | "learning"
  | "timeout";

/** How a candidate stands by one metric. */
export interface MetricJudgement {
  readonly metric: CanaryMetric;
  /** Units that were compared. */
  readonly candidate: number;
  readonly baseline: number;
  /** ln of the evidence that the candidate is worse by this metric, before its weight. */
  readonly logEvidence: number;
  /** ln of the evidence that it stays below the stage's margin; null where that is not tested, or not yet. */
  readonly logSafety: number | null;
  readonly effect: Effect | null;
  readonly needed: Needed | null;
}

/** A verdict with everything that it rests on. */
export interface Judgement {
  readonly verdict: CanaryVerdict;
  readonly reason: CanaryReason;
  readonly says: string;
  readonly stage: CanaryStage;
  /** ln of the evidence that any metric is worse, and what it must reach. */
  readonly logEvidence: number;
  readonly logBound: number;
  /** ln of the evidence that arms do not get their shares. */
  readonly logSampleRatio: number;
  /** The metric with most evidence of harm by its weight. */
  readonly worst: MetricJudgement | null;
  /** Units of the candidate that are still needed for a pass, in the middle of the cases; 0 with a pass, null when not known. */
  readonly needed: number | null;
  readonly metrics: readonly MetricJudgement[];
}
