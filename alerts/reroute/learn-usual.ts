import type { ArmTally } from "../../core/arms.ts";
import { totalOf } from "../../stats/histogram/histogram.ts";
import { mergeHistograms } from "../../stats/histogram/merge-histograms.ts";
import { slowEvidence } from "./judge-target.ts";
import { latencyOf } from "./latency-of.ts";
import type { TargetState } from "./target-state.ts";

/** Evidence, as natural logarithm, above which what comes is no longer taken for usual. */
const suspicious = Math.log(50);

/**
 * Learns what latency is usual for a target: the calls of one round of `enough` are held against those of the round before, so
 * that it follows the hours of the day. What looks slow is not learnt, nor what comes while the target lacks traffic.
 */
export const learnUsual = (state: TargetState, arm: ArmTally, enough: number): TargetState => {
  if (state.factor !== 1 || slowEvidence(state) > suspicious) {
    return state;
  }
  const next = mergeHistograms([state.next, latencyOf(arm)]);
  const isFirst = totalOf(state.usual) === 0;
  return totalOf(next) >= (isFirst ? enough : enough * laterRounds)
    ? { ...state, usual: next, next: { bins: [], counts: [] } }
    : { ...state, next };
};

/** Later rounds are longer than the first: thresholds then rest on more, and move seldom. */
const laterRounds = 10;
