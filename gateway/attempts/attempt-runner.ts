import type { IncomingHttpHeaders } from "node:http";
import type { CallDeadline } from "../call-limits.ts";
import type { CallRecord } from "../call-record.ts";
import type { OpenCall } from "../call-recorder.ts";
import type { CallPlan } from "../call-start.ts";
import type { CallerResponse } from "../caller-response.ts";
import type { GatewayState } from "../gateway-state.ts";
import { Hedge } from "../hedge/hedge.ts";
import { keyFailure } from "../provider-keys/key-failure.ts";
import { unsentEnd } from "../provider-keys/key-lease.ts";
import { takeKey } from "../provider-keys/take-key.ts";
import type { Refusal } from "../refusal.ts";
import type { Ending } from "../relay.ts";
import type { AttemptPlan } from "./attempt-plan.ts";
import type { CallAttempts } from "./call-attempts.ts";
import type { AttemptOwner, LiveAttempt } from "./live-attempt.ts";
import { openAttempt } from "./open-attempt.ts";
import { waitLimits } from "./wait-limits.ts";

/** What the attempts of a call are made with. */
export interface AttemptRunnerArgs {
  readonly state: Pick<
    GatewayState,
    | "config"
    | "clock"
    | "health"
    | "keyRings"
    | "providerKeys"
    | "random"
    | "drains"
    | "hedges"
    | "budgets"
    | "meter"
    | "log"
    | "isDraining"
  >;
  readonly plan: CallPlan;
  readonly call: OpenCall;
  readonly record: CallRecord;
  readonly attempts: CallAttempts;
  /** The caller's headers and body. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What of the call the attempts work on. */
export interface AttemptRunnerParts {
  readonly out: CallerResponse;
  readonly deadline: CallDeadline;
  readonly owner: AttemptOwner;
}

/** Makes the attempts of one call: there is one under way, or a wait for the next; a hedge may have a second beside the first. */
export class AttemptRunner {
  readonly #args: AttemptRunnerArgs;
  readonly #parts: AttemptRunnerParts;
  readonly #hedge: Hedge | null;
  #attempt: LiveAttempt | null = null;
  /** Ends a wait between two attempts; null while there was none. */
  #wait: AbortController | null = null;
  #isOver = false;

  constructor(args: AttemptRunnerArgs, parts: AttemptRunnerParts) {
    this.#args = args;
    this.#parts = parts;
    const { route, chat } = args.plan;
    const goOnWith = (attempt: LiveAttempt): void => {
      this.#attempt = attempt;
    };
    const isHedged = route.hedge !== null && chat.isStream;
    this.#hedge = isHedged ? new Hedge(args, { ...parts, config: route.hedge, goOnWith }) : null;
  }

  /** The attempt under way, or the last; null before the first and between two. */
  get current(): LiveAttempt | null {
    return this.#attempt;
  }

  /** Makes the first attempt. */
  start(): void {
    const { plan, record } = this.#args;
    this.#begin(plan.first, record.startedMs);
  }

  /** Whether another attempt takes the place of the one that failed; it may be under way when this returns. */
  tryAgain(ending: Ending): boolean {
    const { state, attempts, record } = this.#args;
    const { out } = this.#parts;
    const lost = this.#attempt;
    const elapsedMs = state.clock.monotonicMs() - record.startedMs;
    if (this.#isOver || lost === null || !out.isHeld || ending.outcome === "interrupted") {
      return false;
    }
    const isInTime = elapsedMs < state.config.timeouts.totalMs;
    if (isInTime && this.#hedge?.takeOver(ending) === true) {
      return true;
    }
    const next = isInTime ? attempts.next(lost, ending, elapsedMs) : null;
    if (next === null) {
      return false;
    }
    if (!record.lose(ending, attempts.movesTo(next.plan))) {
      return false;
    }
    this.#hedge?.close();
    lost.abort();
    this.#attempt = null;
    out.discard();
    void this.#beginAfter(next.plan, next.delayMs);
    return true;
  }

  /** The attempt under way has content. */
  sawContent(): void {
    this.#hedge?.sawContent();
    this.#attempt?.record.sawContent();
  }

  /** The call makes no second attempt any more, and lets go of one that is under way. */
  closeHedge(): void {
    this.#hedge?.close();
  }

  /** Lets go of the answer under way, and makes no further attempt. */
  stop(): void {
    this.#isOver = true;
    this.#hedge?.close();
    this.#wait?.abort();
    this.#attempt?.abort();
  }

  /** Tells the caller that there will be no whole answer, and why. */
  tell(refusal: Refusal): void {
    if (this.#attempt === null) {
      this.#parts.out.endWithError(refusal);
    } else {
      this.#attempt.tell(refusal);
    }
  }

  async #beginAfter(at: AttemptPlan, delayMs: number): Promise<void> {
    const { clock } = this.#args.state;
    if (delayMs > 0) {
      this.#parts.deadline.pause();
      this.#wait = new AbortController();
      await clock.sleep(delayMs, this.#wait.signal);
    }
    if (!this.#isOver) {
      this.#begin(at, clock.monotonicMs());
    }
  }

  #begin(at: AttemptPlan, startedMs: number): void {
    const { state, plan, attempts, record } = this.#args;
    const { out, owner, deadline } = this.#parts;
    const { number, mayMove } = attempts;
    const { provider } = at.target;
    const key = takeKey(state, { ...plan, provider });
    if (!key.ok) {
      const other = attempts.passOver(key.obstacle.reason);
      if (other === null) {
        owner.fail(keyFailure(key.obstacle, provider));
      } else {
        this.#begin(other, startedMs);
      }
      return;
    }
    try {
      const hedge = number === 1 && mayMove ? this.#hedge : null;
      const seat = hedge?.seat ?? { out, owner };
      const parts = { at, key: key.lease, number, out: seat.out, owner: seat.owner, startedMs };
      const attempt = openAttempt({ ...this.#args, ...parts });
      this.#attempt = attempt;
      record.begin(attempt.record, attempts.movesTo(at));
      deadline.beginAttempt(startedMs, waitLimits(plan, mayMove));
      if (mayMove) {
        out.hold();
      } else {
        out.release();
      }
      hedge?.arm(attempt);
      attempt.send();
    } catch (error) {
      owner.crash(error);
      // The attempt has ended its key, unless there was none yet.
      key.lease?.end(unsentEnd, startedMs);
    }
  }
}
