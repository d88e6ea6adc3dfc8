const hourMs = 3_600_000;

/** Whole hours since the Unix epoch of a time in milliseconds. */
export const hourOf = (ms: number): number => Math.floor(ms / hourMs);
