import type { AttemptRunnerArgs, AttemptRunnerParts } from "../attempts/attempt-runner.ts";
import type { AttemptOwner, LiveAttempt } from "../attempts/live-attempt.ts";
import { openAttempt } from "../attempts/open-attempt.ts";
import { waitLimits } from "../attempts/wait-limits.ts";
import { errorCodeOf } from "../error-code-of.ts";
import type { Ending } from "../relay.ts";
import type { Contender, Seat } from "./contender.ts";
import { hedgeAfterMs } from "./hedge-after.ts";
import type { HedgeConfig } from "./hedge-config.ts";
import type { HedgeResult } from "./hedge-ending.ts";
import { hedgeLost } from "./hedge-ending.ts";
import { LaneOut } from "./lane-out.ts";
import { LostAttempts } from "./lost-attempts.ts";
import { OwnerSwitch } from "./owner-switch.ts";
import type { TakenSecond } from "./take-second.ts";
import { takeSecond } from "./take-second.ts";
import { tellCrash } from "./tell-crash.ts";

/** What of the call a hedge works on. */
export interface HedgeParts extends AttemptRunnerParts {
  readonly config: HedgeConfig;
  /** The call goes on with this attempt. */
  readonly goOnWith: (attempt: LiveAttempt) => void;
}

/** The race of a call's first attempt with a second one, which begins when the first is silent for too long. */
export class Hedge {
  readonly #args: AttemptRunnerArgs;
  readonly #parts: HedgeParts;
  readonly #losers: LostAttempts;
  /** For the first attempt: it goes to the caller, and the call hears of it, as long as it has not lost. */
  readonly seat: Seat;
  #stage: "armed" | "racing" | "over" = "armed";
  #first: Contender | null = null;
  #second: Contender | null = null;

  constructor(args: AttemptRunnerArgs, parts: HedgeParts) {
    this.#args = args;
    this.#parts = parts;
    this.#losers = new LostAttempts(args, parts);
    const out = new LaneOut(() => {});
    out.attach(parts.out);
    this.seat = { out, owner: new OwnerSwitch(parts.owner) };
  }

  /** The first attempt is about to be sent: its time without content begins. */
  arm(attempt: LiveAttempt): void {
    const { state, plan } = this.#args;
    const { config, deadline } = this.#parts;
    this.#first = { ...this.seat, attempt };
    state.hedges.sawCall(plan.route.name, config.maxShare);
    const health = state.health.of(attempt.plan.target);
    const afterMs = hedgeAfterMs(config, (quantile) => health.ttftQuantile(quantile));
    deadline.setAlarm(afterMs === null ? null : attempt.record.startedMs + afterMs, () => this.#wake());
  }

  /** The attempt that the call goes on with has content. */
  sawContent(): void {
    if (this.#stage === "armed") {
      this.close();
    } else if (this.#stage === "racing" && this.#second !== null) {
      this.#count("lost");
      this.#losers.lose(this.#second);
    }
  }

  /** The first attempt has failed: where a second is under way, that is the retry. False where there is none. */
  takeOver(ending: Ending): boolean {
    const { attempts } = this.#args;
    const { deadline, out } = this.#parts;
    if (this.#stage !== "racing" || this.#first === null || this.#second === null) return false;
    if (!attempts.isWorthAnother(this.#first.attempt, ending)) return false;
    const { first, second } = { first: this.#first, second: this.#second };
    this.#count("stood_in");
    attempts.moveTo(second.attempt.plan, `after ${ending.errorType ?? ending.outcome}`);
    this.#losers.conclude(first, ending);
    this.#goOnWith(second);
    deadline.beginAttempt(second.attempt.record.startedMs, waitLimits(this.#args.plan, attempts.mayMove));
    if (second.attempt.hasHead) deadline.renew();
    if (!attempts.mayMove) out.release();
    return true;
  }

  /** The call is over, or makes no second attempt any more: nothing is under way but the attempt that it goes on with. */
  close(): void {
    if (this.#stage === "racing" && this.#second !== null) {
      this.#count("dropped");
      this.#losers.conclude(this.#second, hedgeLost);
    }
    this.#stage = "over";
    this.#losers.close();
    this.#parts.deadline.setAlarm(null);
  }

  #wake(): void {
    try {
      this.#ask();
    } catch (error) {
      this.#parts.owner.crash(error);
    }
  }

  #ask(): void {
    const { state, plan } = this.#args;
    const startedMs = state.clock.monotonicMs();
    const taken = takeSecond(this.#args, this.#parts.config, startedMs);
    if (!taken.ok) {
      this.#stage = "over";
      state.meter.add("gatewayHedgesDenied", 1, { route: plan.route.name, reason: taken.reason });
      return;
    }
    state.hedges.take(plan.route.name);
    try {
      this.#send(taken, startedMs);
    } catch (error) {
      this.#beside.crash(error);
      taken.giveBack();
      if (this.#stage === "armed") this.#count("failed");
    }
  }

  #send({ plan: at, key }: Extract<TakenSecond, { ok: true }>, startedMs: number): void {
    const { record, attempts } = this.#args;
    const out = new LaneOut(() => void this.#win());
    const owner = new OwnerSwitch(this.#beside);
    const attempt = openAttempt({ ...this.#args, at, key, number: attempts.number + 1, out, owner, startedMs });
    attempts.takeBeside(at);
    this.#second = { attempt, out, owner };
    this.#stage = "racing";
    record.beginBeside(this.#first === null ? null : attempts.movesTo(this.#first.attempt.plan));
    attempt.send();
  }

  #count(result: HedgeResult): void {
    this.#stage = "over";
    this.#args.state.meter.add("gatewayHedges", 1, { route: this.#args.plan.route.name, result });
  }

  /** The second attempt has content before the first: the caller gets its answer, unless bytes of the first have gone out. */
  #win(): boolean {
    const { attempts, state, record } = this.#args;
    const { first, second } = { first: this.#first, second: this.#second };
    if (this.#stage !== "racing" || first === null || second === null) return false;
    if (!this.#parts.out.isHeld) {
      this.#count("lost");
      this.#losers.lose(second);
      return false;
    }
    this.#count("won");
    const afterMs = Math.round(second.attempt.record.startedMs - record.startedMs);
    attempts.moveTo(second.attempt.plan, `first, asked after ${afterMs} ms`);
    this.#losers.lose(first);
    this.#goOnWith(second);
    this.#parts.deadline.beginAttempt(state.clock.monotonicMs(), waitLimits(this.#args.plan, false));
    this.#parts.owner.sawPart(0);
    return true;
  }

  #goOnWith(second: Contender): void {
    const { record, attempts } = this.#args;
    const { out, owner, goOnWith } = this.#parts;
    out.discard();
    second.owner.turnTo(owner);
    goOnWith(second.attempt);
    record.continueWith(second.attempt.record, attempts.movesTo(second.attempt.plan));
    second.out.attach(out);
  }

  /** Hears the second attempt while the first may still answer. */
  readonly #beside: AttemptOwner = {
    sawPart: () => this.#args.state.clock.monotonicMs(),
    sawContent: () => {
      if (this.#win()) this.#parts.owner.sawContent();
    },
    finish: (ending) => {
      if (ending.outcome !== "ok") return this.#failed(ending);
      return this.#win() && this.#parts.owner.finish(ending);
    },
    replace: (ending) => !this.#failed(ending),
    fail: ({ ending }) => void this.#failed(ending),
    ended: () => {},
    crash: (error) => {
      tellCrash(this.#args, error);
      this.#failed({ outcome: "interrupted", errorType: errorCodeOf(error) });
    },
  };

  #failed(ending: Ending): false {
    const { first, second } = { first: this.#first, second: this.#second };
    if (this.#stage === "racing" && first !== null && second !== null) {
      const { record, attempts } = this.#args;
      this.#count("failed");
      this.#losers.conclude(second, ending);
      record.continueWith(first.attempt.record, attempts.movesTo(first.attempt.plan));
      // Nobody else can be asked: what the first has sent so far goes to the caller.
      if (!attempts.mayMove) this.#parts.out.release();
    }
    return false;
  }
}
