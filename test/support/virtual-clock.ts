import type { Clock } from "../../core/clock.ts";

const maxSteps = 10_000;

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock that a test moves. Both of its readings advance together, and a sleep ends when its time has come. */
export interface VirtualClock extends Clock {
  /** Moves time on by `ms`, and ends the sleeps that are due, in order of their time. */
  readonly advance: (ms: number) => void;
  /**
   * Moves time on in steps of `stepMs`, letting the program work in between, until `promise` settles; returns its result.
   * Gives up after 10,000 steps.
   */
  readonly advanceUntil: <T>(promise: Promise<T>, stepMs: number) => Promise<T>;
  /** Sleeps that have not ended. */
  readonly sleeping: () => number;
}

/** Makes a clock that stands at `startMs`, in milliseconds since the Unix epoch. */
export const virtualClock = (startMs = Date.UTC(2026, 0, 1)): VirtualClock => {
  const sleepers = new Set<Sleeper>();
  let elapsedMs = 0;
  const advance = (ms: number): void => {
    const untilMs = elapsedMs + ms;
    for (let due = earliest(sleepers); due !== null && due.atMs <= untilMs; due = earliest(sleepers)) {
      elapsedMs = Math.max(elapsedMs, due.atMs);
      due.wake();
    }
    elapsedMs = untilMs;
  };
  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper: Sleeper = { atMs: elapsedMs + Math.max(0, ms), wake };
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
      }),
    advance,
    advanceUntil: async (promise, stepMs) => {
      let isSettled = false;
      const settle = (): void => {
        isSettled = true;
      };
      promise.then(settle, settle);
      for (let step = 0; !isSettled; step += 1) {
        if (step === maxSteps) throw new Error(`Nothing came of ${maxSteps} steps of ${stepMs} ms.`);
        advance(stepMs);
        // A millisecond of real time for a step: disks and processes must keep up with virtual time.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return promise;
    },
    sleeping: () => sleepers.size,
  };
};

const earliest = (sleepers: ReadonlySet<Sleeper>): Sleeper | null =>
  [...sleepers].reduce<Sleeper | null>((a, b) => (a === null || b.atMs < a.atMs ? b : a), null);
