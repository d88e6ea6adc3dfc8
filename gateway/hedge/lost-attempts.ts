import type { Usage } from "../../core/usage.ts";
import { noUsage } from "../../core/usage.ts";
import type { WastedTokens } from "../../core/waste.ts";
import type { AttemptRunnerArgs, AttemptRunnerParts } from "../attempts/attempt-runner.ts";
import type { AttemptOwner } from "../attempts/live-attempt.ts";
import { ReadOn } from "../read-on.ts";
import type { Ending } from "../relay.ts";
import type { Contender } from "./contender.ts";
import { hedgeLost } from "./hedge-ending.ts";
import { tellCrash } from "./tell-crash.ts";

/** What becomes of the attempts of a call that lost a race: their rows, their waste, and what budgets charge for them. */
export class LostAttempts {
  readonly #args: AttemptRunnerArgs;
  readonly #parts: AttemptRunnerParts;
  readonly #readOn: ReadOn;
  /** The one that is read on, because its provider bills it all the same. */
  #drained: Contender | null = null;

  constructor(args: AttemptRunnerArgs, parts: AttemptRunnerParts) {
    this.#args = args;
    this.#parts = parts;
    this.#readOn = new ReadOn(args.state.drains);
  }

  /** Lets go of one that has lost: at once or, where that does not stop its billing, when it is read to its end. */
  lose(lost: Contender): void {
    lost.out.drop();
    lost.owner.turnTo(this.#listenerOf(lost));
    const { attempt } = lost;
    const isBilledOn = !attempt.plan.provider.abortStopsBilling && !attempt.isOver;
    const untilMs = isBilledOn ? this.#readOn.begin(this.#args.state.clock.monotonicMs()) : null;
    if (untilMs === null) {
      this.conclude(lost, hedgeLost);
    } else {
      this.#drained = lost;
      this.#parts.deadline.setAlarm(untilMs, () => this.close());
      attempt.resume();
    }
  }

  /** Ends the one that was lost, and lets go of its answer. */
  conclude(lost: Contender, ending: Ending): void {
    const { attempts, record } = this.#args;
    const { attempt } = lost;
    lost.out.drop();
    lost.owner.turnTo(this.#listenerOf(lost));
    attempt.abort();
    const waste = attempts.lose(attempt, ending);
    const own = attempt.record.endOf(ending);
    const isEstimated = own.usage.source === "none" && waste !== null && attempt.plan.provider.abortStopsBilling;
    record.loseBeside(attempt.record, { ...own, usage: isEstimated ? estimateOf(waste) : own.usage, ending });
  }

  /** Ends the one that is read on, if there is one. */
  close(): void {
    const drained = this.#drained;
    this.#drained = null;
    this.#readOn.end();
    if (drained !== null) this.conclude(drained, hedgeLost);
  }

  /** Hears one that has lost: only what it costs is of interest. */
  #listenerOf(lost: Contender): AttemptOwner {
    const conclude = (): false => {
      if (this.#drained === lost) {
        this.#parts.deadline.setAlarm(null);
        this.close();
      }
      return false;
    };
    return {
      sawPart: (bytes) => {
        if (!this.#readOn.mayTake(bytes)) conclude();
        return this.#args.state.clock.monotonicMs();
      },
      sawContent: () => lost.attempt.record.sawContent(),
      finish: conclude,
      replace: () => !conclude(),
      fail: () => void conclude(),
      ended: () => {},
      crash: (error) => {
        tellCrash(this.#args, error);
        conclude();
      },
    };
  }
}

/** What was used of an answer that was let go before anything of it came: its input, as the provider had the request. */
const estimateOf = ({ inputTokens, outputTokens }: WastedTokens): Usage => ({
  ...noUsage,
  inputTokens,
  outputTokens,
  source: "estimated",
});
