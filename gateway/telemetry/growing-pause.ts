const firstPauseMs = 50;

/** Milliseconds to wait after `failures` failures in a row (from 1): doubling from 50 up to `maxMs`. */
export const growingPauseMs = (failures: number, maxMs: number): number =>
  Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 30), maxMs);
