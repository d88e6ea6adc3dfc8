import type { Verdict, VerdictEffect } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import type { Rollout } from "./rollout.ts";

/** What a canary asks the routing table for: its candidate is to have that share. */
export const rolloutEffect = ({ route, candidate, unit, id }: Rollout, share: number): VerdictEffect => ({
  kind: "canary",
  route,
  candidate,
  share,
  unit,
  salt: id,
});

/** Whether a verdict gives the canary's candidate that share already. */
export const grantsShare = (verdict: Verdict | null, { id }: Rollout, share: number): boolean =>
  verdict?.effect.kind === "canary" && verdict.effect.salt === id && verdict.effect.share === share;

/** The verdict in force on a canary's route where that is the canary's own, else null. */
export const ownVerdict = (desk: Pick<VerdictDesk, "inForce">, each: Rollout): Verdict | null => {
  const last = desk.inForce(subjectOf(rolloutEffect(each, 0)));
  return last?.effect.kind === "canary" && last.effect.salt === each.id ? last : null;
};
