import type { WastedTokens } from "../../core/waste.ts";
import type { CallMoves } from "../call-recorder.ts";
import type { CallPlan } from "../call-start.ts";
import type { GatewayState } from "../gateway-state.ts";
import { pickWire } from "../pick-wire.ts";
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
  readonly state: Pick<GatewayState, "providers" | "clock" | "random" | "health">;
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

  constructor(args: CallAttemptsArgs) {
    this.#args = args;
    this.#reason = args.plan.pick.reason;
  }

  /** The number of the present attempt, from 1. */
  get number(): number {
    return this.#attempts;
  }

  /** Whether a failure of the present attempt might be made good by another. */
  get mayMove(): boolean {
    const { retry } = this.#args.plan.route;
    const hasPlace = this.#atTarget < retry.perTarget || (this.#left ?? fallbacksOf(this.#args.plan)).length > 0;
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
    this.#left ??= this.#stoodInBy();
    return this.#left;
  }

  /** One of them is asked beside the present attempt: it is one more of the same budget of attempts. */
  takeBeside(at: AttemptPlan): void {
    this.#left = this.left.filter((each) => each !== at);
    this.#attempts += 1;
  }

  /** The call goes on with the attempt that was made beside the first. */
  moveTo({ target }: AttemptPlan, why: string): void {
    this.#reason += `; ${target.variant} ${why}`;
    this.#atTarget = 1;
  }

  /** Whether an attempt failed for a reason that another one might not. */
  isWorthAnother(lost: LiveAttempt, ending: Ending): boolean {
    return failureOf(lost, ending).failure !== "request";
  }

  /** An attempt is lost beside another that goes on; returns what it has used, null for nothing. */
  lose(lost: LiveAttempt, ending: Ending): WastedTokens | null {
    const waste = this.#wasteOf(lost, ending, lost.record.status);
    if (waste !== null) this.#wasted.push(waste);
    return waste;
  }

  /** The attempt to make after one that was lost; null when there is none. */
  next(lost: LiveAttempt, ending: Ending, elapsedMs: number): NextAttempt | null {
    const { plan, state } = this.#args;
    const { httpStatus, failure } = failureOf(lost, ending);
    const left = this.#usable(lost, failure);
    const waste = this.#wasteOf(lost, ending, httpStatus);
    const decision = decideRetry(
      {
        failure,
        attempts: this.#attempts,
        attemptsAtTarget: this.#atTarget,
        elapsedMs,
        retryAfterMs: retryAfterMs(lost.headers, state.clock.nowMs()),
        wastedTokens: tokensOf(waste === null ? this.#wasted : [...this.#wasted, waste]),
        hasNext: left.length > 0,
        hasOtherKey: false,
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
    this.#reason += `; ${next.target.variant} after ${ending.errorType ?? ending.outcome}`;
    return { plan: next, delayMs: decision.delayMs };
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
  #usable(lost: LiveAttempt, failure: FailureClass): readonly AttemptPlan[] {
    const { state } = this.#args;
    const helpful =
      failure === "key" || failure === "account"
        ? this.left.filter(({ provider }) => provider !== lost.plan.provider)
        : this.left;
    const awake = helpful.filter(({ target }) => state.health.of(target).mayTake(state.clock.monotonicMs()));
    return awake.length > 0 ? awake : helpful;
  }

  #stoodInBy(): AttemptPlan[] {
    const { plan, state } = this.#args;
    return fallbacksOf(plan).flatMap((target) => {
      if (target === plan.first.target) return [];
      const provider = state.providers.get(target.provider);
      if (provider === undefined) return [];
      const { surface, chat } = plan;
      const picked = pickWire({ surface, chat, provider, providerKey: target.provider });
      return picked.ok ? [{ target, provider, wire: picked.wire }] : [];
    });
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

/** The provider had the request and was silent, as far as anyone waited. */
const workingTypes: ReadonlySet<string> = new Set([
  "content_timeout",
  "headers_timeout",
  "total_timeout",
  "hedge_lost",
]);

const fallbacksOf = ({ route, pick }: CallPlan): CallPlan["route"]["targets"] =>
  route.fallbacks.get(pick.target.variant) ?? [];

const failureOf = (lost: LiveAttempt, ending: Ending) => {
  const httpStatus = lost.record.status;
  return { httpStatus, failure: failureClass({ ...ending, httpStatus }) };
};

const tokensOf = (wasted: readonly WastedTokens[]): number =>
  wasted.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
