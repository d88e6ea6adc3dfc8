import { subjectOf } from "../../core/verdict.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import type { Rollout, Wish } from "./rollout.ts";
import { isExternal } from "./rollout.ts";
import { grantsShare, rolloutEffect } from "./rollout-effect.ts";

type Desk = Pick<VerdictDesk, "propose" | "inForce">;

/** Asks the desk for the share that a canary wants; true once it has it, also from before a crash. */
export const grantShare = async (
  desk: Desk,
  each: Rollout,
  { action, share, reason }: Pick<Wish, "action" | "share" | "reason">,
): Promise<boolean> => {
  const effect = rolloutEffect(each, share);
  if (grantsShare(desk.inForce(subjectOf(effect)), each, share)) {
    return true;
  }
  const decided = await desk.propose({ action, effect, reason, evidenceId: each.id, isAutomatic: true });
  return decided.kind === "issue";
};

/** Moves traffic because a person wants it; that of others is theirs to move. */
export const orderShare = async (
  desk: Pick<VerdictDesk, "propose">,
  each: Rollout,
  { action, share, reason }: Pick<Wish, "action" | "share" | "reason">,
): Promise<void> => {
  if (!isExternal(each)) {
    const effect = rolloutEffect(each, share);
    await desk.propose({ action, effect, reason, evidenceId: null, isAutomatic: false });
  }
};
