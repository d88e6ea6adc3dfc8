/** Milliseconds until the next try; null gives up. */
export type RetryDelay = number | null;

/**
 * Decides how long to wait after a failed try: anything up to a bound that doubles, so that those who failed together do not
 * come back together (full jitter), and never less than the receiver asked for. The last try is at the end of the time given.
 */
export const retryDelay = (args: {
  /** Failed tries so far, from 1. */
  readonly tries: number;
  readonly afterMs: number | null;
  /** Milliseconds since it was planned. */
  readonly ageMs: number;
  readonly baseMs: number;
  readonly maxMs: number;
  readonly giveUpMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}): RetryDelay => {
  const leftMs = args.giveUpMs - args.ageMs;
  if (leftMs <= 0) {
    return null;
  }
  const boundMs = Math.min(args.maxMs, args.baseMs * 2 ** Math.min(args.tries - 1, 30));
  return Math.min(leftMs, Math.max(1, args.random * boundMs, args.afterMs ?? 0));
};
