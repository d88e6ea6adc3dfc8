import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import { grantShare, orderShare } from "./grant-share.ts";
import type { Rollout } from "./rollout.ts";
import { isExternal, isUnderWay, shareOf } from "./rollout.ts";
import { grantsShare, ownVerdict } from "./rollout-effect.ts";

/**
 * Asks again for the share that a canary records where the desk has another one, or none, because of a crash between the two.
 * What changed after `beforeMs` may still be on its way to the desk.
 */
export const mendShare = async (
  desk: Pick<VerdictDesk, "propose" | "inForce">,
  each: Rollout,
  beforeMs: number,
): Promise<void> => {
  const share = shareOf(each);
  const own = ownVerdict(desk, each);
  const changedAtMs = Math.max(each.shares.at(-1)?.atMs ?? 0, each.endedAtMs ?? 0);
  if (isExternal(each) || each.wish !== null || changedAtMs >= beforeMs || grantsShare(own, each, share)) {
    return;
  }
  const reason = `the canary ${each.id} has a share of ${share}`;
  if (!isUnderWay(each)) {
    // Judgements end a canary once the desk has agreed: only a person's end is kept first.
    const action = share === 1 ? "promote" : "rollback";
    await (own === null ? undefined : orderShare(desk, each, { action, share, reason: each.says }));
  } else if (each.shares.length === 1) {
    await orderShare(desk, each, { action: "start", share, reason });
  } else {
    await grantShare(desk, each, { action: "step", share, reason });
  }
};
