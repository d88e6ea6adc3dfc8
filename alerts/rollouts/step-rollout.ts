import type { ArmTally } from "../../core/arms.ts";
import { startLagMs } from "../../core/arms.ts";
import { enterStage, stepCanary } from "../canary/step-canary.ts";
import { armLook } from "./arm-look.ts";
import type { Rollout, Wish } from "./rollout.ts";
import { isExternal, isInternal, shareOf } from "./rollout.ts";
import { settledMs } from "./unit-cohorts.ts";
import { wishOf } from "./wish-of.ts";

/** What came of the targets of the rollout's route in one look. */
export interface RolloutLook {
  readonly fromMs: number;
  readonly toMs: number;
  readonly candidate: readonly ArmTally[];
  readonly baseline: readonly ArmTally[];
  /** Hash of what both arms are configured to be. */
  readonly hash: string;
  /** Where users or sessions are counted: the share by which these were assigned, and whether they may be new. */
  readonly units?: { readonly share: number; readonly areNew: boolean };
}

/**
 * Takes one look at a rollout: judges it, and says what is to be changed. Pure. Units are compared with their shares only where
 * these stood still while the units were assigned, which was a while before they ended.
 */
export const stepRollout = (rollout: Rollout, look: RolloutLook): Rollout => {
  const stood = isExternal(rollout)
    ? null
    : shareAt(rollout, { fromMs: look.fromMs - startLagMs, toMs: look.toMs - startLagMs });
  const share = look.units?.share ?? stood;
  const isComparable = look.units?.areNew ?? share !== null;
  const step = stepCanary({
    plan: rollout.plan,
    state: rollout.judge,
    nowMs: look.toMs,
    look: {
      hash: look.hash,
      endMs: look.toMs,
      share: share ?? shareOf(rollout),
      candidate: armLook(look.candidate, isComparable),
      baseline: armLook(look.baseline, isComparable),
    },
  });
  if (step.look === "repeated") {
    return rollout;
  }
  const judge = step.state;
  const judged: Rollout = {
    ...rollout,
    judge,
    status: step.verdict === "hold" ? "held" : "running",
    verdict: step.verdict,
    says: isInternal({ ...rollout, judge }) ? waitsForEvals : step.says,
    logEvidence: step.logEvidence,
    logBound: step.logBound,
    neededCalls: step.needed,
    candidateCalls: rollout.candidateCalls + callsOf(look.candidate),
    baselineCalls: rollout.baselineCalls + callsOf(look.baseline),
  };
  return { ...judged, wish: wishOf(judged, step) ?? ownShare(judged) };
};

const waitsForEvals =
  "no caller gets the candidate in this stage: it is left once an eval that passed is posted, and one that failed ends the canary";

/** A trial that began anew, or whose step could not be taken, wants the share of the stage that it is in. */
const ownShare = (rollout: Rollout): Wish | null => {
  const { stage } = rollout.judge;
  const share = rollout.plan.stages[stage]?.share ?? 0;
  const reason = `the stage ${stage + 1} of ${rollout.plan.stages.length} is the one for what both arms are configured to be now`;
  return isExternal(rollout) || share === shareOf(rollout)
    ? null
    : { action: "step", share, stage, status: "running", reason };
};

/** The share that stood through a span of time; null where it changed within it, or did not exist yet. */
const shareAt = ({ shares }: Rollout, span: { readonly fromMs: number; readonly toMs: number }): number | null => {
  const before = shares.findLast(({ atMs }) => atMs + settledMs <= span.fromMs);
  const hasChanged = shares.some(({ atMs }) => atMs + settledMs > span.fromMs && atMs <= span.toMs);
  return before === undefined || hasChanged ? null : before.share;
};

const callsOf = (arms: readonly ArmTally[]): number => arms.reduce((sum, { calls }) => sum + calls, 0);

/** The rollout once a wish was granted. */
export const grantWish = (rollout: Rollout, wish: Wish, nowMs: number): Rollout => ({
  ...rollout,
  wish: null,
  status: wish.status,
  endedAtMs: wish.status === "running" ? null : nowMs,
  neededCalls: wish.status === "running" ? rollout.neededCalls : null,
  says: wish.reason,
  shares: wish.share === shareOf(rollout) ? rollout.shares : [...rollout.shares, { atMs: nowMs, share: wish.share }],
  judge: wish.stage === rollout.judge.stage ? rollout.judge : enterStage(rollout.judge, wish.stage, nowMs),
});
