import type { WastedTokens } from "../../core/waste.ts";
import type { CallMoves } from "../call-recorder.ts";
import type { CallPlan } from "../call-start.ts";
import type { GatewayState } from "../gateway-state.ts";
import type { KeyRing } from "../provider-keys/key-ring.ts";
import type { KeyRequest } from "../provider-keys/take-key.ts";
import { keyObstacle } from "../provider-keys/take-key.ts";
import type { Ending } from "../relay.ts";
import type { AttemptPlan } from "./attempt-plan.ts";
import { decideRetry } from "./decide-retry.ts";
import type { FailureClass } from "./failure-class.ts";
import { failureClass } from "./failure-class.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import { fallbacksOf, standIns } from "./stand-ins.ts";
import { waitOf } from "./wait-of.ts";
import { wasteOf } from "./waste-of.ts";

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
  #left: readonly AttemptPlan[] | null = null;
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

  /** Whether the call may make another attempt, so long after its start. */
  hasAttempt(elapsedMs: number): boolean {
    const { attempts, totalMs, maxWasteTokens } = this.#args.plan.route.retry;
    const isWithinWaste = maxWasteTokens === undefined || tokensOf(this.#wasted) <= maxWasteTokens;
    return this.#attempts < attempts && elapsedMs <= totalMs && isWithinWaste;
  }

  /** The targets that can serve the request and were not asked, in the order in which they stand in. */
  get left(): readonly AttemptPlan[] {
    this.#left ??= standIns(this.#args.plan, this.#args.state.providers);
    return this.#left;
  }

  /** One of them is asked beside the present attempt: it is one more of the same budget of attempts. */
  takeBeside(at: AttemptPlan): void {
    this.#left = this.left.filter((each) => each !== at);
    this.#attempts += 1;
  }

  /** The call goes on with the attempt that was made beside the first. */
  moveTo(at: AttemptPlan, why: string): void {
    this.#reason += `; ${at.target.variant} ${why}`;
    this.#atTarget = 1;
    this.#at = at;
  }

  /** Whether an attempt failed for a reason that another one might not. */
  isWorthAnother(lost: LiveAttempt, ending: Ending): boolean {
    return failureOf(lost, ending) !== "request";
  }

  /** An attempt is lost beside another that goes on; returns what it has used, null for nothing. */
  lose(lost: LiveAttempt, ending: Ending): WastedTokens | null {
    const waste = wasteOf(lost, ending, this.#args.plan.chat);
    if (waste !== null) this.#wasted.push(waste);
    return waste;
  }

  /** The attempt to make after one that was lost; null when there is none. */
  next(lost: LiveAttempt, ending: Ending, elapsedMs: number): NextAttempt | null {
    const { plan, state } = this.#args;
    const failure = failureOf(lost, ending);
    const left = this.#usable(lost.plan, failure);
    const waste = wasteOf(lost, ending, plan.chat);
    const decision = decideRetry(
      {
        failure,
        attempts: this.#attempts,
        attemptsAtTarget: this.#atTarget,
        elapsedMs,
        retryAfterMs: waitOf(lost, failure, { ring: this.#ringOf(lost.plan), nowMs: state.clock.nowMs() }),
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
    const { state } = this.#args;
    const helpful =
      failure === "key" || failure === "account"
        ? this.left.filter(({ provider }) => provider !== lost.provider)
        : this.left;
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
}

const failureOf = (lost: LiveAttempt, ending: Ending): FailureClass =>
  failureClass({ ...ending, httpStatus: lost.record.status });

const tokensOf = (wasted: readonly WastedTokens[]): number =>
  wasted.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
