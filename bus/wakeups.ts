import type { Clock } from "../core/clock.ts";

/** Lets one part of a process tell others at once that something they wait for may have come. */
export class Wakeups {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms` milliseconds, when `subject` is woken, or when `signal` aborts, whichever comes first. */
  async wait(subject: string, ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const nudge = new AbortController();
    const wake = (): void => nudge.abort();
    const waiting = this.#waiting.get(subject) ?? new Set();
    this.#waiting.set(subject, waiting.add(wake));
    signal.addEventListener("abort", wake, { once: true });
    await this.#clock.sleep(ms, nudge.signal);
    signal.removeEventListener("abort", wake);
    waiting.delete(wake);
    if (waiting.size === 0 && this.#waiting.get(subject) === waiting) this.#waiting.delete(subject);
  }

  /** Ends every wait for `subject`. */
  wake(subject: string): void {
    for (const wake of this.#waiting.get(subject) ?? []) wake();
  }

  /** Ends every wait there is. */
  wakeAll(): void {
    for (const subject of this.#waiting.keys()) this.wake(subject);
  }
}
