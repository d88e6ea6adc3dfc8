import type { CanaryEvent } from "../../core/events.ts";
import type { Rollout } from "./rollout.ts";
import { shareOf } from "./rollout.ts";

/** Where a canary stands, for those who look back. */
export const rolloutEvent = (rollout: Rollout, atMs: number): CanaryEvent => ({
  atMs,
  canaryId: rollout.id,
  route: rollout.route,
  candidate: rollout.candidate,
  stage: rollout.judge.stage,
  share: shareOf(rollout),
  status: rollout.status,
  logEvidence: rollout.logEvidence,
  logBound: rollout.logBound,
  candidateCalls: rollout.candidateCalls,
  baselineCalls: rollout.baselineCalls,
  neededCalls: rollout.neededCalls,
  says: rollout.says,
});
