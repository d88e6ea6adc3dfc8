import type { Clock } from "../core/clock.ts";
import type { CallTimes } from "./call-times.ts";

/**
 * Measures how long calls queue for the event loop. How long a call has waited behind others of its turn cannot be seen; how
 * long the others of its turn run after it can, and over many calls the two are spread alike, for any order of them is as likely.
 */
export class LoopQueue {
  readonly #clock: Clock;
  #calls: CallTimes[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a call that has just come; one look at the end of the turn serves all that came in it. */
  add(times: CallTimes): void {
    if (this.#calls.push(times) === 1) {
      setImmediate(() => this.#look());
    }
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    const calls = this.#calls;
    this.#calls = [];
    for (const times of calls) {
      times.queuedMs = Math.max(0, nowMs - (times.sentMs ?? nowMs));
    }
  }
}
