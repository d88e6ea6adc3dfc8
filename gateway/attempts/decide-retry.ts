import type { FailureClass } from "./failure-class.ts";
import type { RetryConfig } from "./retry-config.ts";

/** What is known when an attempt has failed and nothing of it has reached the caller. */
export interface RetrySituation {
  readonly failure: FailureClass;
  /** Attempts made so far, at all targets and at the last one. */
  readonly attempts: number;
  readonly attemptsAtTarget: number;
  /** Milliseconds since the start of the call. */
  readonly elapsedMs: number;
  /** How long the provider asks to wait; null when it does not say. */
  readonly retryAfterMs: number | null;
  /** Tokens that the failed attempts have used, partly estimated. */
  readonly wastedTokens: number;
  /** Whether there is a target that may be asked next. */
  readonly hasNext: boolean;
  /** Whether the same target can be asked with another key. */
  readonly hasOtherKey: boolean;
  /** Uniform in [0, 1). */
  readonly u: number;
}

/** What to do after a failed attempt. */
export type RetryDecision =
  | { readonly kind: "retry"; readonly place: "same" | "next"; readonly delayMs: number }
  | { readonly kind: "give_up"; readonly reason: GiveUpReason };

/** Why no further attempt is made. */
export type GiveUpReason = "request" | "attempts" | "waste" | "no_target" | "time";

/** Whether, where and when a call is tried again: all attempts of a call draw on one budget. */
export const decideRetry = (at: RetrySituation, config: RetryConfig): RetryDecision => {
  if (at.failure === "request") return giveUp("request");
  if (at.attempts >= config.attempts) return giveUp("attempts");
  if (config.maxWasteTokens !== undefined && at.wastedTokens > config.maxWasteTokens) return giveUp("waste");
  const decision = placeOf(at, config);
  if (decision === null) return giveUp("no_target");
  return at.elapsedMs + decision.delayMs > config.totalMs ? giveUp("time") : decision;
};

const giveUp = (reason: GiveUpReason): RetryDecision => ({ kind: "give_up", reason });

const placeOf = (at: RetrySituation, config: RetryConfig): Extract<RetryDecision, { kind: "retry" }> | null => {
  if (at.hasOtherKey && at.failure !== "model" && at.failure !== "provider") {
    return { kind: "retry", place: "same", delayMs: 0 };
  }
  const delayMs = delayAtTarget(at, config);
  // A target that is told to be asked later has others go before it.
  const waits = at.failure === "rate_limit" || at.retryAfterMs !== null;
  if (delayMs !== null && !(at.hasNext && waits)) return { kind: "retry", place: "same", delayMs };
  return at.hasNext ? { kind: "retry", place: "next", delayMs: 0 } : null;
};

/** How long to wait before the same target is asked again; null when it is not to be. */
const delayAtTarget = (at: RetrySituation, config: RetryConfig): number | null => {
  const isPassing = at.failure === "rate_limit" || at.failure === "provider";
  if (!isPassing || at.attemptsAtTarget >= config.perTarget) return null;
  if (at.retryAfterMs !== null && at.retryAfterMs > config.maxRetryAfterMs) return null;
  // Full jitter: callers that failed together do not come back together.
  const jitterMs = at.u * Math.min(config.maxDelayMs, config.baseDelayMs * 2 ** (at.attemptsAtTarget - 1));
  return (at.retryAfterMs ?? 0) + jitterMs;
};
