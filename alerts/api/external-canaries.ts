import { externalOf } from "../rollouts/open-rollout.ts";
import type { Rollout } from "../rollouts/rollout.ts";
import { isUnderWay } from "../rollouts/rollout.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import type { StartRollout } from "../rollouts/start-rollout.ts";
import { findByKey, findSuperseded } from "./find-canary.ts";

/** What canaries of others are started with. */
export interface ExternalDeps {
  readonly rollouts: Pick<Rollouts, "list" | "start" | "abort">;
  /** Throws `http.too_many_requests` when no more may be changed at present. */
  readonly spend: () => void;
}

/**
 * The canary of others that is asked for, started unless it is under way. One of the same name with another checksum ends: what was
 * on trial there is not on trial any more.
 */
export const ensureExternal = async ({ rollouts, spend }: ExternalDeps, asked: StartRollout): Promise<Rollout> => {
  const key = externalOf({ ...asked, traffic: "external" });
  if (key === null) {
    return rollouts.start(asked);
  }
  const old = findSuperseded(rollouts.list(), key);
  if (old !== null) {
    spend();
    await rollouts.abort(old.id, `${key.name} has changed: another trial begins`);
  }
  // Looked up after all waiting, so that of many who ask at once one starts it and the others find it.
  const known = findByKey(rollouts.list(), key);
  if (known !== null && isUnderWay(known)) {
    return known;
  }
  spend();
  return rollouts.start({ ...asked, traffic: "external" });
};
