import type { WastedTokens } from "../../core/waste.ts";
import type { CallMoves } from "../call-recorder.ts";
import type { CallPlan } from "../call-start.ts";
import type { GatewayState } from "../gateway-state.ts";
import { pickWire } from "../pick-wire.ts";
import type { KeyRing } from "../provider-keys/key-ring.ts";
import type { KeyRequest } from "../provider-keys/take-key.ts";
import { keyObstacle } from "../provider-keys/take-key.ts";
import type { Ending } from "../relay.ts";
import type { AttemptPlan } from "./attempt-plan.ts";
import { decideRetry } from "./decide-retry.ts";
import type { FailureClass } from "./failure-class.ts";
import { failureClass } from "./failure-class.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import { retryAfterMs } from "./retry-after.ts";
import { wastedTokens } from "./wasted-tokens.ts";

/** What the attempts of a call are planned with. */
export interface CallAttemptsArgs {
  readonly plan: CallPlan;
  readonly state: Pick<GatewayState, "providers" | "clock" | "random" | "health" | "keyRings" | "config">;
}

/** An attempt to make, and how long to wait before it, in milliseconds. */
export interface NextAttempt {
  readonly plan: AttemptPlan;
  readonly delayMs: number;
}

/** The attempts of one call: what has been tried, what it has used, and what may be tried next. */
export class CallAttempts {
  readonly #args: CallAttemptsArgs;
  readonly #wasted: WastedTokens[] = [];
  #reason: string;
  #attempts = 1;
  #atTarget = 1;
  #left: AttemptPlan[] | null = null;
  #at: AttemptPlan;

  constructor(args: CallAttemptsArgs) {
    this.#args = args;
    this.#reason = args.plan.pick.reason;
    this.#at = args.plan.first;
  }

  /** The number of the present attempt, from 1. */
  get number(): number {
    return this.#attempts;
  }

  /** Whether a failure of the present attempt might be made good by another. */
  get mayMove(): boolean {
    const { retry } = this.#args.plan.route;
    const hasKeys = (this.#ringOf(this.#at)?.size ?? 0) > 1;
    const hasTarget = (this.#left ?? fallbacksOf(this.#args.plan)).length > 0;
    const hasPlace = this.#atTarget < retry.perTarget || hasKeys || hasTarget;
    return this.#attempts < retry.attempts && hasPlace;
  }

  /** The attempt to make after one that was lost; null when there is none. */
  next(lost: LiveAttempt, ending: Ending, elapsedMs: number): NextAttempt | null {
    const { plan, state } = this.#args;
    const { httpStatus, failure } = failureOf(lost, ending);
    const left = this.#usable(lost.plan, failure);
    const waste = this.#wasteOf(lost, ending, httpStatus);
    const decision = decideRetry(
      {
        failure,
        attempts: this.#attempts,
        attemptsAtTarget: this.#atTarget,
        elapsedMs,
        retryAfterMs: this.#retryAfterMs(lost, failure),
        wastedTokens: tokensOf(waste === null ? this.#wasted : [...this.#wasted, waste]),
        hasNext: left.length > 0,
        hasOtherKey: this.#hasOtherKey(lost),
        u: state.random(),
      },
      plan.route.retry,
    );
    if (decision.kind === "give_up") return null;
    if (waste !== null) this.#wasted.push(waste);
    const [next] = decision.place === "same" ? [lost.plan] : left;
    if (next === undefined) return null;
    this.#left = decision.place === "same" ? this.#left : left.slice(1);
    this.#atTarget = decision.place === "same" ? this.#atTarget + 1 : 1;
    this.#attempts += 1;
    this.#at = next;
    this.#reason += `; ${next.target.variant} after ${ending.errorType ?? ending.outcome}`;
    return { plan: next, delayMs: decision.delayMs };
  }

  /** Where the present attempt goes instead, which could not begin because of its provider's keys; null when nowhere. */
  passOver(reason: string): AttemptPlan | null {
    const [next, ...left] = this.#usable(this.#at, "provider");
    if (next === undefined) return null;
    this.#left = left;
    this.#atTarget = 1;
    this.#at = next;
    this.#reason += `; ${next.target.variant} because of ${reason}`;
    return next;
  }

  /** What is recorded of a call whose last attempt goes to `last`; null when it is as it was planned. */
  movesTo({ target, provider }: AttemptPlan): CallMoves | null {
    const { plan } = this.#args;
    if (this.#attempts === 1 && target === plan.pick.target) return null;
    return {
      isFallback: target.variant !== plan.pick.target.variant,
      routeReason: this.#reason,
      provider: provider.providerName(plan.chat),
      serverAddress: provider.serverAddress,
      serverPort: provider.serverPort,
      wasted: this.#wasted,
    };
  }

  /** The targets left that may help: where a key or an account failed, another model behind it would fail as well. */
  #usable(lost: AttemptPlan, failure: FailureClass): readonly AttemptPlan[] {
    const { plan, state } = this.#args;
    this.#left ??= fallbacksOf(plan).flatMap((target) => {
      if (target === plan.first.target) return [];
      const provider = state.providers.get(target.provider);
      if (provider === undefined) return [];
      const { surface, chat } = plan;
      const picked = pickWire({ surface, chat, provider, providerKey: target.provider });
      return picked.ok ? [{ target, provider, wire: picked.wire }] : [];
    });
    const helpful =
      failure === "key" || failure === "account"
        ? this.#left.filter(({ provider }) => provider !== lost.provider)
        : this.#left;
    const keyed = helpful.filter((each) => keyObstacle(state, this.#keyRequest(each)) === null);
    const awake = keyed.filter(({ target }) => state.health.of(target).mayTake(state.clock.monotonicMs()));
    return awake.length > 0 ? awake : keyed;
  }

  #ringOf({ target }: AttemptPlan): KeyRing | undefined {
    return this.#args.state.keyRings.get(target.provider);
  }

  #keyRequest({ target }: AttemptPlan): KeyRequest {
    return { ...this.#args.plan, provider: target.provider };
  }

  #hasOtherKey({ plan, keyName }: LiveAttempt): boolean {
    return keyName !== null && keyObstacle(this.#args.state, this.#keyRequest(plan), keyName) === null;
  }

  /** A key that its provider limits rests for a while even where the answer does not say for how long. */
  #retryAfterMs({ headers, plan }: LiveAttempt, failure: FailureClass): number | null {
    const ring = this.#ringOf(plan);
    const askedMs = retryAfterMs(headers, this.#args.state.clock.nowMs());
    if (ring === undefined || failure !== "rate_limit") return askedMs;
    // A timer may fire a millisecond early, and the key would still rest then.
    return (askedMs ?? ring.limitedMs) + 1;
  }

  #wasteOf(lost: LiveAttempt, ending: Ending, httpStatus: number | null): WastedTokens | null {
    const { chat } = this.#args.plan;
    const { target, provider } = lost.plan;
    return wastedTokens({
      answer: lost.record.answer,
      chat,
      provider: provider.providerName(chat),
      model: target.model ?? chat.model,
      httpStatus,
      mayBeAtWork: workingTypes.has(ending.errorType ?? ""),
    });
  }
}

/** The provider had the request and was silent. */
const workingTypes: ReadonlySet<string> = new Set(["content_timeout", "headers_timeout", "total_timeout"]);

const fallbacksOf = ({ route, pick }: CallPlan): CallPlan["route"]["targets"] =>
  route.fallbacks.get(pick.target.variant) ?? [];

const failureOf = (lost: LiveAttempt, ending: Ending) => {
  const httpStatus = lost.record.status;
  return { httpStatus, failure: failureClass({ ...ending, httpStatus }) };
};

const tokensOf = (wasted: readonly WastedTokens[]): number =>
  wasted.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
