import type { Clock } from "../core/clock.ts";

/** A call under way, as the watch over its time limits sees it. */
export interface WatchedCall {
  /** Where the watch has it, which alone writes this; -1 while it is not watched. */
  watchedAt: number;
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
  /**
   * An array and no set: a set that calls come to and go from is made anew all the time, each old one leads to the next, and a
   * single old one that was moved to the old generation then keeps every call since alive until the whole heap is collected.
   */
  readonly #calls: WatchedCall[] = [];
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
    return this.#calls.length;
  }

  /** Takes a call under watch until it is removed. */
  add(call: WatchedCall): void {
    call.watchedAt = this.#calls.push(call) - 1;
    this.#onSize(this.size);
    if (!this.#isWatching) {
      this.#isWatching = true;
      void this.#watch();
    }
  }

  /** Lets go of a call that has ended; the last one takes its place. A call that is not watched changes nothing. */
  remove(call: WatchedCall): void {
    const at = call.watchedAt;
    const last = this.#calls.at(-1);
    if (last === undefined || this.#calls[at] !== call) {
      return;
    }
    this.#calls[at] = last;
    last.watchedAt = at;
    this.#calls.pop();
    call.watchedAt = -1;
    this.#onSize(this.size);
    if (this.size === 0) {
      this.#onEmpty?.();
    }
  }

  /** Waits up to `drainMs` for the calls to end and interrupts those that have not; then the watch is over for good. */
  async drain(drainMs: number): Promise<void> {
    const isDrained = new AbortController();
    this.#onEmpty = () => isDrained.abort();
    if (this.size > 0) {
      await this.#clock.sleep(drainMs, isDrained.signal);
    }
    for (const call of [...this.#calls]) {
      guarded(call, () => call.interrupt());
    }
    if (this.size > 0) {
      await this.#clock.sleep(lastBytesMs, isDrained.signal);
    }
    this.#stop.abort();
  }

  /** Ends by itself one tick after the last call, so that an idle gateway has no timer. */
  async #watch(): Promise<void> {
    while (this.size > 0 && !this.#stop.signal.aborted) {
      await this.#clock.sleep(this.#tickMs, this.#stop.signal);
      const nowMs = this.#clock.monotonicMs();
      // A copy, because calls that are told leave the array.
      for (const call of [...this.#calls]) {
        if (call.watchedAt !== -1 && call.deadlineMs <= nowMs) {
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
