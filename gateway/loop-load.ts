import { performance } from "node:perf_hooks";
import type { Clock } from "../core/clock.ts";

/** Time that the event loop has spent since it began, in milliseconds: at work, and waiting for something to do. */
export interface LoopTime {
  readonly active: number;
  readonly idle: number;
}

/** How long one look at the loop's time holds. */
const lookMs = 100;

/** Above this part of its time at work, what every call does once more is felt by all. */
const mostActive = 0.9;

/** Tells whether the gateway has time to spare, by what its event loop did since it was last asked. */
export class LoopLoad {
  readonly #clock: Clock;
  readonly #loopTime: () => LoopTime;
  #last: LoopTime;
  #lookedMs: number;
  #hasTime = true;

  /** `loopTime` is Node's own where it is absent. */
  constructor(clock: Clock, loopTime: () => LoopTime = () => performance.eventLoopUtilization()) {
    this.#clock = clock;
    this.#loopTime = loopTime;
    this.#last = loopTime();
    this.#lookedMs = clock.monotonicMs();
  }

  /** Whether a tenth of the loop's time was free, a tenth of a second ago or later. */
  get hasTime(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lookedMs >= lookMs) {
      const { active, idle } = this.#loopTime();
      const activeMs = active - this.#last.active;
      this.#hasTime = activeMs <= mostActive * (activeMs + idle - this.#last.idle);
      this.#last = { active, idle };
      this.#lookedMs = nowMs;
    }
    return this.#hasTime;
  }
}
