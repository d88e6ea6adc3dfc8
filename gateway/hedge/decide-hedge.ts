import type { AttemptPlan } from "../attempts/attempt-plan.ts";
import type { HedgeConfig } from "./hedge-config.ts";

/** Why no second target is asked. */
export type HedgeDenial =
  | "draining"
  | "canary"
  | "unsafe"
  | "attempts"
  | "no_target"
  | "breaker_open"
  | "unpriced"
  | "cost"
  | "share"
  | "budget";

/** A target that could be asked. */
export interface HedgeOption {
  readonly plan: AttemptPlan;
  /** Whether its breaker takes calls. */
  readonly isAwake: boolean;
  /** Most that the call can cost there, in nano-dollars; null where its price is not known. */
  readonly worstNanos: number | null;
}

/** What is known when the first target has been silent for long enough. */
export interface HedgeSituation {
  readonly isDraining: boolean;
  /** Whether a canary is on the route: who answers must not depend on how quick the candidate is. */
  readonly hasCanary: boolean;
  /** Whether the call may be under way twice at once. */
  readonly isRepeatable: boolean;
  /** Whether the call may make another attempt. */
  readonly hasAttempt: boolean;
  /** Targets that can serve the request, have a key to do so and were not asked, in the order in which they stand in. */
  readonly options: readonly HedgeOption[];
  /** Whether the route may hedge another call. */
  readonly hasShare: boolean;
}

/** Who is asked beside the first target, or why nobody is. */
export type HedgeDecision =
  | { readonly ok: true; readonly plan: AttemptPlan }
  | { readonly ok: false; readonly reason: HedgeDenial };

const nanosPerDollar = 1e9;

/** Whether and where a call is sent a second time while its first target is silent. */
export const decideHedge = (at: HedgeSituation, { maxCostUsd }: Pick<HedgeConfig, "maxCostUsd">): HedgeDecision => {
  if (at.isDraining) return deny("draining");
  if (at.hasCanary) return deny("canary");
  if (!at.isRepeatable) return deny("unsafe");
  if (!at.hasAttempt) return deny("attempts");
  if (at.options.length === 0) return deny("no_target");
  const awake = at.options.filter(({ isAwake }) => isAwake);
  if (awake.length === 0) return deny("breaker_open");
  const most = maxCostUsd === undefined ? null : maxCostUsd * nanosPerDollar;
  const payable = awake.find(({ worstNanos }) => most === null || (worstNanos !== null && worstNanos <= most));
  if (payable === undefined) return deny(awake.every(({ worstNanos }) => worstNanos === null) ? "unpriced" : "cost");
  return at.hasShare ? { ok: true, plan: payable.plan } : deny("share");
};

const deny = (reason: HedgeDenial): HedgeDecision => ({ ok: false, reason });
