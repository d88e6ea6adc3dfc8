import type { RatioSettings } from "../../stats/evidence/known-weight-ratio.ts";
import { knownWeightRatio } from "../../stats/evidence/known-weight-ratio.ts";
import { rateRatio } from "../../stats/evidence/rate-ratio.ts";
import type { GridState } from "../../stats/evidence/sequential-test.ts";
import type { CanaryPlan } from "./plan.ts";

/** Units of both arms in one look, and how many of them answer a question with yes. */
export interface Pool {
  readonly candidate: number;
  readonly candidateYes: number;
  readonly baseline: number;
  readonly baselineYes: number;
  /** The candidate's configured share of the traffic. */
  readonly share: number;
}

/** The state of a test of a ratio after one more look. */
export type StepRatio = (state: GridState, pool: Pool) => GridState;

/**
 * The test of a ratio that a unit of assignment allows. Requests are assigned anew each time: test B, given what each arm really got.
 * A user or session keeps its arm, so that those who are active now need not be a fair sample of both: test A, in which each unit that
 * answers yes for the first time is a coin that fell with the router's known share. An arm alone changes nothing in either.
 */
export const ratioTest = (unit: CanaryPlan["unit"], settings: RatioSettings): StepRatio => {
  if (unit === "request") {
    const test = rateRatio(settings);
    return (state, { candidate, candidateYes, baseline, baselineYes }) =>
      test.step(state, { canary: candidate, canaryBad: candidateYes, baseline, baselineBad: baselineYes });
  }
  const test = knownWeightRatio(settings);
  return (state, { candidateYes, baselineYes, share }) =>
    isShared(share) ? test.step(state, { weight: share, canaryBad: candidateYes, baselineBad: baselineYes }) : state;
};

/** Whether both arms get traffic: with one alone there is nothing to compare. */
export const isShared = (share: number): boolean => share > 0 && share < 1;
