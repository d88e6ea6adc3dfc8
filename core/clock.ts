/** The clock port: every reading of time in Plumbline goes through it, so that tests can own time. */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** Monotonic time in milliseconds with a fraction; only differences mean something. */
  readonly monotonicMs: () => number;
  /** Resolves after `ms` milliseconds, or as soon as `signal` aborts; it never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      signal?.addEventListener("abort", finish, { once: true });
    }),
};
