import type { AttemptPlan } from "../attempts/attempt-plan.ts";
import type { CallRecord } from "../call-record.ts";
import type { KeyLease } from "../provider-keys/key-lease.ts";
import { unsentEnd } from "../provider-keys/key-lease.ts";
import { takeKey } from "../provider-keys/take-key.ts";
import type { HedgeDenial } from "./decide-hedge.ts";
import { decideHedge } from "./decide-hedge.ts";
import type { HedgeConfig } from "./hedge-config.ts";
import type { SituationArgs } from "./hedge-situation.ts";
import { hedgeSituation } from "./hedge-situation.ts";

/** What a second attempt may be made with, or why there is none. */
export type TakenSecond =
  | {
      readonly ok: true;
      readonly plan: AttemptPlan;
      /** Null where the provider has no several. */
      readonly key: KeyLease | null;
      /** Gives back what was taken for an attempt that was not sent after all; of one that has ended nothing is left. */
      readonly giveBack: () => void;
    }
  | { readonly ok: false; readonly reason: HedgeDenial };

/** What a second attempt is taken for. */
export interface TakeSecondArgs extends SituationArgs {
  readonly record: Pick<CallRecord, "startedMs" | "addSecond">;
}

/** Takes what a second attempt needs, all or nothing: a target, room in every budget, and a key. */
export const takeSecond = (args: TakeSecondArgs, config: HedgeConfig, nowMs: number): TakenSecond => {
  const { state, plan, record } = args;
  const decision = decideHedge(hedgeSituation(args), config);
  if (!decision.ok) return decision;
  // A budget gives back all that it held, a key its tokens alone: so it comes first.
  const giveBackRoom = record.addSecond();
  if (giveBackRoom === null) return { ok: false, reason: "budget" };
  const key = takeKey(state, { ...plan, provider: decision.plan.target.provider });
  if (!key.ok) {
    giveBackRoom();
    return { ok: false, reason: "no_target" };
  }
  const { lease } = key;
  const giveBack = (): void => {
    giveBackRoom();
    lease?.end(unsentEnd, nowMs);
  };
  return { ok: true, plan: decision.plan, key: lease, giveBack };
};
