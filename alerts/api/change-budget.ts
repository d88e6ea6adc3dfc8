import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";

/** Seconds of the mean rate that may come at once. */
const burstSeconds = 2;

/**
 * Bounds how often something is changed, each change being a write to the store: a token bucket. What is called throws
 * `http.too_many_requests` when none is left.
 */
export const createChangeBudget = (clock: Pick<Clock, "monotonicMs">, perSecond: number): (() => void) => {
  const most = perSecond * burstSeconds;
  let left = most;
  let atMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    left = Math.min(most, left + ((nowMs - atMs) / 1_000) * perSecond);
    atMs = nowMs;
    if (left < 1) {
      throw new PlumblineError("http.too_many_requests", `More than ${perSecond} changes a second are not made.`);
    }
    left -= 1;
  };
};
