import type { Breaker, BreakerState, Sign } from "./breaker.ts";
import { RecentTimes } from "./recent-times.ts";

/** Milliseconds in which a latency loses all but 1/e of its weight. */
const decayMs = 10_000;

/** How an attempt at a target has ended; times are monotonic milliseconds. */
export interface HealthEnd {
  readonly sign: Sign;
  /** Null where there is none to learn from. */
  readonly latencyMs: number | null;
  /** As it was told to `begin`. */
  readonly beganMs: number;
  readonly nowMs: number;
}

/** How one target does in this process: its breaker, its calls under way, and how long it takes. */
export class TargetHealth {
  readonly #breaker: Breaker;
  readonly #onState: (state: BreakerState) => void;
  #told: BreakerState = "closed";
  #underWay = 0;
  #latencyMs: number | null = null;
  #measuredAtMs = 0;
  readonly #ttfts = new RecentTimes();

  /** `onState` hears of every change of the breaker. */
  constructor(breaker: Breaker, onState: (state: BreakerState) => void) {
    this.#breaker = breaker;
    this.#onState = onState;
  }

  /** Attempts under way. */
  get underWay(): number {
    return this.#underWay;
  }

  /** To the first content of streams and to the end of other answers: quick to rise, slow to fall. Null before the first. */
  get latencyMs(): number | null {
    return this.#latencyMs;
  }

  /** Of how long its last streams took to their first content, in milliseconds; null while too few were measured. */
  ttftQuantile(quantile: number): number | null {
    return this.#ttfts.quantile(quantile);
  }

  /** A stream that went well took so long to its first content, in milliseconds. */
  sawTtft(ms: number): void {
    this.#ttfts.add(ms);
  }

  /** A stream was let go that had no content after so long: it would have taken longer, so that it counts only when that is long. */
  sawWait(ms: number, nowMs: number): void {
    if (ms > (this.#ttfts.quantile(1 / 2) ?? 0)) this.#ttfts.add(ms);
    if (this.#latencyMs !== null && ms > this.#latencyMs) this.#learn(ms, nowMs);
  }

  stateAt(nowMs: number): BreakerState {
    return this.#breaker.stateAt(nowMs);
  }

  mayTake(nowMs: number): boolean {
    return this.#breaker.mayTake(nowMs);
  }

  begin(nowMs: number): void {
    this.#underWay += 1;
    this.#breaker.begin(nowMs);
    this.#tell(nowMs);
  }

  /** An attempt has ended. */
  end({ sign, latencyMs, beganMs, nowMs }: HealthEnd): void {
    this.#underWay -= 1;
    this.#breaker.end(sign, nowMs, beganMs);
    this.#tell(nowMs);
    if (latencyMs !== null) this.#learn(latencyMs, nowMs);
  }

  /** Peak-EWMA: a slow answer counts at once, and is forgotten slowly. */
  #learn(latencyMs: number, nowMs: number): void {
    const old = this.#latencyMs;
    const kept = Math.exp((this.#measuredAtMs - nowMs) / decayMs);
    this.#latencyMs = old === null || latencyMs > old ? latencyMs : old * kept + latencyMs * (1 - kept);
    this.#measuredAtMs = nowMs;
  }

  #tell(nowMs: number): void {
    const state = this.#breaker.stateAt(nowMs);
    if (state !== this.#told) {
      this.#told = state;
      this.#onState(state);
    }
  }
}
