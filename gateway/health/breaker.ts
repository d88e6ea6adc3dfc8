import type { BreakerConfig } from "./breaker-config.ts";

/** Closed takes calls; open takes none; half open takes one at a time, to see whether the target is well again. */
export type BreakerState = "closed" | "open" | "half_open";

/** What an attempt says of its target; `unknown` is one that somebody else ended. */
export type Sign = "well" | "failing" | "unknown";

/** Leaves a target alone that keeps failing, and tries it again by single calls. All times are monotonic milliseconds. */
export class Breaker {
  readonly #config: BreakerConfig;
  #state: BreakerState = "closed";
  #windowEndMs = 0;
  #calls = 0;
  #failures = 0;
  #callsBefore = 0;
  #failuresBefore = 0;
  #openMs: number;
  #reopensAtMs = 0;
  /** Since when calls try the target; of no meaning while the breaker is not half open. */
  #halfOpenSinceMs = 0;
  #isProbing = false;

  constructor(config: BreakerConfig) {
    this.#config = config;
    this.#openMs = config.openMs;
  }

  /** As it is at a time: an open one is half open once its time is over. */
  stateAt(nowMs: number): BreakerState {
    return this.#state === "open" && nowMs >= this.#reopensAtMs ? "half_open" : this.#state;
  }

  /** Whether a call may go to the target now. */
  mayTake(nowMs: number): boolean {
    return this.#state === "closed" || (nowMs >= this.#reopensAtMs && !this.#isProbing);
  }

  /** Milliseconds until a call may try the target again; 0 while it is not open. */
  waitMs(nowMs: number): number {
    return this.#state === "open" ? Math.max(0, this.#reopensAtMs - nowMs) : 0;
  }

  /** An attempt begins; while the breaker is not closed it is the one that tries the target. */
  begin(nowMs: number): void {
    if (this.stateAt(nowMs) === "half_open") {
      this.#halfOpenSinceMs = this.#state === "half_open" ? this.#halfOpenSinceMs : nowMs;
      this.#state = "half_open";
      this.#isProbing = true;
    }
  }

  /** An attempt has ended that began at `beganMs`. One that began before the breaker opened says nothing about whether to close it. */
  end(sign: Sign, nowMs: number, beganMs: number): void {
    if (this.#state === "closed") {
      this.#count(sign, nowMs);
      return;
    }
    if (this.#state === "half_open" && beganMs >= this.#halfOpenSinceMs) {
      this.#isProbing = false;
      if (sign === "well") {
        this.#close();
      } else if (sign === "failing") {
        this.#openMs = Math.min(this.#openMs * 2, this.#config.maxOpenMs);
        this.#open(nowMs);
      }
    }
  }

  #count(sign: Sign, nowMs: number): void {
    if (sign === "unknown") return;
    this.#turn(nowMs);
    this.#calls += 1;
    this.#failures += sign === "failing" ? 1 : 0;
    const calls = this.#calls + this.#callsBefore;
    const failures = this.#failures + this.#failuresBefore;
    if (sign === "failing" && calls >= this.#config.minCalls && failures >= calls * this.#config.failureShare) {
      this.#open(nowMs);
    }
  }

  /** Two spans count: the present one and the one before it. */
  #turn(nowMs: number): void {
    const { windowMs } = this.#config;
    if (nowMs < this.#windowEndMs) return;
    const isNext = nowMs < this.#windowEndMs + windowMs;
    this.#callsBefore = isNext ? this.#calls : 0;
    this.#failuresBefore = isNext ? this.#failures : 0;
    this.#calls = 0;
    this.#failures = 0;
    this.#windowEndMs = nowMs + windowMs;
  }

  #open(nowMs: number): void {
    this.#state = "open";
    this.#reopensAtMs = nowMs + this.#openMs;
  }

  #close(): void {
    this.#state = "closed";
    this.#openMs = this.#config.openMs;
    this.#calls = 0;
    this.#failures = 0;
    this.#callsBefore = 0;
    this.#failuresBefore = 0;
  }
}
