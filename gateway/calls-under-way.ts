import type { Clock } from "../core/clock.ts";

/** A call under way, as the watch over its time limits sees it. */
export interface WatchedCall {
  /** Monotonic time at which its present limit runs out, in milliseconds. */
  readonly deadlineMs: number;
  /** Tells it that the limit has run out; it may be told again until it is removed. */
  readonly expire: () => void;
  /** Ends it because the gateway stops. */
  readonly interrupt: () => void;
  /** Ends it because something was thrown on the way. */
  readonly crash: (error: unknown) => void;
}

/** What the watch over calls needs. */
export interface CallsUnderWayArgs {
  readonly clock: Clock;
  /** Milliseconds between two looks at the limits. */
  readonly tickMs: number;
  /** Is told the number of calls whenever it changes. */
  readonly onSize: (size: number) => void;
}

/** How long interrupted callers may take to be sent the error that says so. */
const lastBytesMs = 1_000;

/**
 * The calls under way. One timer looks after all their time limits, because a timer of its own for every chunk of every
 * call would cost more than the rest of the work on it: limits are kept to within `tickMs`.
 */
export class CallsUnderWay {
  readonly #clock: Clock;
  #tickMs: number;
  readonly #onSize: (size: number) => void;
  readonly #calls = new Set<WatchedCall>();
  readonly #stop = new AbortController();
  #isWatching = false;
  #onEmpty: (() => void) | null = null;

  constructor(args: CallsUnderWayArgs) {
    this.#clock = args.clock;
    this.#tickMs = args.tickMs;
    this.#onSize = args.onSize;
  }

  /** Looks at the limits every so many milliseconds from the next look on. */
  retick(tickMs: number): void {
    this.#tickMs = tickMs;
  }

  /** How many calls are under way. */
  get size(): number {
    return this.#calls.size;
  }

  /** Takes a call under watch until it is removed. */
  add(call: WatchedCall): void {
    this.#calls.add(call);
    this.#onSize(this.#calls.size);
    if (!this.#isWatching) {
      this.#isWatching = true;
      void this.#watch();
    }
  }

  /** Lets go of a call that has ended. */
  remove(call: WatchedCall): void {
    this.#calls.delete(call);
    this.#onSize(this.#calls.size);
    if (this.#calls.size === 0) {
      this.#onEmpty?.();
    }
  }

  /** Waits up to `drainMs` for the calls to end and interrupts those that have not; then the watch is over for good. */
  async drain(drainMs: number): Promise<void> {
    const isDrained = new AbortController();
    this.#onEmpty = () => isDrained.abort();
    if (this.#calls.size > 0) {
      await this.#clock.sleep(drainMs, isDrained.signal);
    }
    for (const call of [...this.#calls]) {
      guarded(call, () => call.interrupt());
    }
    if (this.#calls.size > 0) {
      await this.#clock.sleep(lastBytesMs, isDrained.signal);
    }
    this.#stop.abort();
  }

  /** Ends by itself one tick after the last call, so that an idle gateway has no timer. */
  async #watch(): Promise<void> {
    while (this.#calls.size > 0 && !this.#stop.signal.aborted) {
      await this.#clock.sleep(this.#tickMs, this.#stop.signal);
      const nowMs = this.#clock.monotonicMs();
      for (const call of this.#calls) {
        if (call.deadlineMs <= nowMs) {
          guarded(call, () => call.expire());
        }
      }
    }
    this.#isWatching = false;
  }
}

/** What one call throws must not end the watch over the others. */
const guarded = (call: WatchedCall, act: () => void): void => {
  try {
    act();
  } catch (error) {
    call.crash(error);
  }
};
