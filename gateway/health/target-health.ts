import type { Breaker, BreakerState, Sign } from "./breaker.ts";

/** Milliseconds in which a latency loses all but 1/e of its weight. */
const decayMs = 10_000;

/** How one target does in this process: its breaker, its calls under way, and how long it takes. */
export class TargetHealth {
  readonly #breaker: Breaker;
  readonly #onState: (state: BreakerState) => void;
  #told: BreakerState = "closed";
  #underWay = 0;
  #latencyMs: number | null = null;
  #measuredAtMs = 0;

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

  /** An attempt has ended; `latencyMs` is null where there is none to learn from. */
  end(sign: Sign, latencyMs: number | null, nowMs: number): void {
    this.#underWay -= 1;
    this.#breaker.end(sign, nowMs);
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
