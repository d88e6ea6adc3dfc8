import { PlumblineError } from "../../core/errors.ts";
import type { Rollout, Wish } from "./rollout.ts";
import { isExternal, isUnderWay, shareOf } from "./rollout.ts";
import { grantWish } from "./step-rollout.ts";

/** How somebody wants a rollout to end, whatever it was judged to be. */
export type End = Pick<Wish, "action" | "share" | "status" | "reason">;

/**
 * The rollout once somebody has ended it; throws `canary.refused` when it is over. What was promoted may still be taken back,
 * for its candidate has the traffic until then.
 */
export const endRollout = (rollout: Rollout, end: End, nowMs: number): Rollout => {
  if (!isUnderWay(rollout) && !(rollout.status === "promoted" && end.status === "aborted")) {
    throw new PlumblineError("canary.refused", `The canary "${rollout.id}" is over: ${rollout.status}.`);
  }
  const share = isExternal(rollout) ? shareOf(rollout) : end.share;
  return grantWish(rollout, { ...end, share, stage: rollout.judge.stage }, nowMs);
};
