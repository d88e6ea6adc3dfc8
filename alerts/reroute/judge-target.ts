import type { ArmTally } from "../../core/arms.ts";
import type { ArmCounts } from "../../stats/evidence/rate-ratio.ts";
import { rateRatioAlarm } from "../../stats/evidence/rate-ratio-alarm.ts";
import { harmGrid, safetyGrid } from "../../stats/evidence/ratio-grid.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { emptyHistogram, totalOf } from "../../stats/histogram/histogram.ts";
import { countsAbove, quantileBin } from "../../stats/histogram/histogram-quantile.ts";
import { mergeHistograms } from "../../stats/histogram/merge-histograms.ts";
import { logOnePlus } from "../../stats/special/log-one-plus.ts";
import { logMeanExp } from "../../stats/special/log-sum-exp.ts";
import { failedOf, latencyOf } from "./latency-of.ts";
import type { RecentLook, TargetState } from "./target-state.ts";

/** Levels of a target's usual latency that serve as thresholds. */
const levels = [0.5, 0.75, 0.9, 0.95] as const;
/** A target is well again when it is shown to be worse than the others by less than this ratio of odds. */
const wellMargin = 2.5;
/** Where nobody fails there is nothing to compare: then it must be shown that it fails less often than the second of these. */
const seldomShare = 0.01;
const oftenShare = 0.05;
/** Looks from which it is told how bad it is: a minute of the usual ones. */
const recentLooks = 12;

/** Ratio of odds by which targets may differ: what is usual is learnt from few calls, and is never exact. */
const tolerated = 2;
/** Targets that fail so many times as often as may be are what is looked for. */
const oftenRatio = 3;

const harmTest = rateRatioAlarm({ nullRatio: tolerated, grid: harmGrid });
const wellTest = rateRatioAlarm({ nullRatio: wellMargin, grid: safetyGrid });

/** A target that nothing is known of. */
export const newTarget: TargetState = {
  factor: 1,
  usual: emptyHistogram,
  next: emptyHistogram,
  slow: levels.map(() => harmTest.start),
  failing: harmTest.start,
  often: 0,
  recent: [],
  recovery: null,
};

/** A target in one look: where it stands, and what came of it; null when it had no call. */
export interface SeenTarget {
  readonly state: TargetState;
  readonly arm: ArmTally | null;
}

/** What a target is judged beside. */
export interface Beside {
  readonly others: readonly SeenTarget[];
  /** Share of its calls that a target may fail. */
  readonly mayFail: number;
}

/**
 * Takes one look at a target beside the others of its route. Each call is held against what is usual for the target that
 * answered it, so that targets may differ; that all get slow at once says nothing against one of them, since which of the calls
 * above their thresholds are whose is random when none is worse off (tests B and D on the calls of one look).
 */
export const judgeTarget = (seen: SeenTarget, { others, mayFail }: Beside): TargetState => {
  const { state, arm } = seen;
  if (arm === null) {
    return state;
  }
  const latency = latencyOf(arm);
  const recent = [...state.recent, { calls: arm.calls, failed: failedOf(arm), latency }];
  const slow = slowCounts(seen, others);
  const failing = failingCounts(seen, others);
  return {
    ...state,
    recent: recent.slice(-recentLooks),
    slow: state.slow.map((log, index) => harmTest.step(log, slow[index] ?? nothing)),
    failing: harmTest.step(state.failing, failing),
    often: bernoulli(state.often, failing, { null: mayFail, other: Math.min(0.9, mayFail * oftenRatio) }),
    recovery: state.recovery === null ? null : recovering(state.recovery, { slow, failing }),
  };
};

const nothing: ArmCounts = { canary: 0, canaryBad: 0, baseline: 0, baselineBad: 0 };

/** For each level, how many calls of the target and of the others took longer than is usual for whoever answered. */
const slowCounts = (seen: SeenTarget, others: readonly SeenTarget[]): readonly ArmCounts[] => {
  const own = aboveUsual(seen);
  const rest = others.map(aboveUsual);
  return levels.map((_, index) => ({
    canary: own.calls,
    canaryBad: own.above[index] ?? 0,
    baseline: rest.reduce((sum, { calls }) => sum + calls, 0),
    baselineBad: rest.reduce((sum, { above }) => sum + (above[index] ?? 0), 0),
  }));
};

const failingCounts = ({ arm }: SeenTarget, others: readonly SeenTarget[]): ArmCounts => ({
  canary: arm?.calls ?? 0,
  canaryBad: arm === null ? 0 : failedOf(arm),
  baseline: others.reduce((sum, other) => sum + (other.arm?.calls ?? 0), 0),
  baselineBad: others.reduce((sum, other) => sum + (other.arm === null ? 0 : failedOf(other.arm)), 0),
});

/** Nothing of a target whose usual latency is not known, or that had no call. */
const aboveUsual = ({ state, arm }: SeenTarget): { readonly calls: number; readonly above: readonly number[] } => {
  if (arm === null || totalOf(state.usual) === 0) {
    return { calls: 0, above: [] };
  }
  const latency = latencyOf(arm);
  return { calls: totalOf(latency), above: countsAbove(latency, thresholdsOf(state.usual)) };
};

const thresholdsOf = (usual: Histogram): readonly number[] => levels.map((level) => quantileBin(usual, level) ?? 0);

type Recovery = NonNullable<TargetState["recovery"]>;

/** The same tests, the other way round: they too go on without an end, since the target may get well at any time. */
const recovering = (
  before: Recovery,
  now: { readonly slow: readonly ArmCounts[]; readonly failing: ArmCounts },
): Recovery => ({
  sinceMs: before.sinceMs,
  fast: before.fast.map((log, index) => wellTest.step(log, now.slow[index] ?? nothing)),
  sound: wellTest.step(before.sound, now.failing),
  seldom: bernoulli(before.seldom, now.failing, { null: oftenShare, other: seldomShare }),
});

/** ln(1 + R) of the Shiryaev-Roberts statistic for one share of failures against another (likelihood ratio of Bernoulli trials). */
const bernoulli = (
  before: number,
  { canary, canaryBad }: ArmCounts,
  share: { readonly null: number; readonly other: number },
): number => {
  const gained =
    canaryBad * Math.log(share.other / share.null) +
    (canary - canaryBad) * Math.log((1 - share.other) / (1 - share.null));
  return canary === 0 ? before : logOnePlus(before + gained);
};

/** Evidence that the target is slow: the mean over thresholds. */
export const slowEvidence = ({ slow }: TargetState): number => logMeanExp(slow.map(harmTest.logEvidence));

/** Evidence that the target fails more than the others, and more often than may be: the less of the two. */
export const failingEvidence = ({ failing, often }: TargetState): number =>
  Math.min(harmTest.logEvidence(failing), often);

/** Evidence that the target is as well as the others again, in latency and in failures; null while it lacks no traffic. */
export const wellEvidence = ({ recovery }: TargetState): { readonly fast: number; readonly sound: number } | null =>
  recovery === null
    ? null
    : {
        fast: logMeanExp(recovery.fast.map(wellTest.logEvidence)),
        sound: logMeanExp([wellTest.logEvidence(recovery.sound), recovery.seldom]),
      };

/** The state of a target whose traffic has just been taken or given back; tests begin anew. */
export const withFactor = (state: TargetState, factor: number, nowMs: number): TargetState => ({
  ...state,
  factor,
  slow: newTarget.slow,
  failing: newTarget.failing,
  often: 0,
  recent: [],
  recovery:
    factor === 1 ? null : { sinceMs: nowMs, fast: levels.map(() => wellTest.start), sound: wellTest.start, seldom: 0 },
});

/** What came of the target of late, in one. */
export const recentOf = ({ recent }: TargetState): RecentLook => ({
  calls: recent.reduce((sum, { calls }) => sum + calls, 0),
  failed: recent.reduce((sum, { failed }) => sum + failed, 0),
  latency: mergeHistograms(recent.map(({ latency }) => latency)),
});
