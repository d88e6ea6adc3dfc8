import type { Clock } from "../core/clock.ts";
import type { GatewayConfig } from "./config.ts";

/** The time limits of a call, in milliseconds. */
export type Timeouts = GatewayConfig["timeouts"];

/** How often limits are looked at: a twentieth of the shortest, and between 5 and 250 milliseconds. */
export const tickOf = (timeouts: Timeouts): number =>
  Math.min(250, Math.max(5, Math.floor(Math.min(timeouts.headersMs, timeouts.idleMs, timeouts.totalMs) / 20)));

/** When the present time limit of one call runs out; never after that of the whole call. */
export class CallDeadline {
  readonly #timeouts: Timeouts;
  readonly #clock: Clock;
  readonly #startedMs: number;
  #isWaitingForCaller = false;
  #atMs: number;

  /** Starts with the limit for the first byte of the answer. */
  constructor(args: { readonly timeouts: Timeouts; readonly clock: Clock; readonly startedMs: number }) {
    this.#timeouts = args.timeouts;
    this.#clock = args.clock;
    this.#startedMs = args.startedMs;
    this.#atMs = Math.min(args.startedMs + args.timeouts.headersMs, this.#endMs);
  }

  /** Monotonic time, in milliseconds. */
  get atMs(): number {
    return this.#atMs;
  }

  /** A part of the answer has come: the limit for the next one begins. */
  renew(): void {
    this.#atMs = this.#isWaitingForCaller
      ? this.#endMs
      : Math.min(this.#clock.monotonicMs() + this.#timeouts.idleMs, this.#endMs);
  }

  /** While the caller does not read, the provider's silence is not its own, and only the limit of the whole call holds. */
  waitForCaller(isWaiting: boolean): void {
    this.#isWaitingForCaller = isWaiting;
    this.renew();
  }

  get #endMs(): number {
    return this.#startedMs + this.#timeouts.totalMs;
  }
}
