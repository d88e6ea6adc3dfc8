const kept = 128;
/** Below as many, a quantile says little. */
const enough = 20;

/** The last 128 times of a target, in milliseconds, and their quantiles. */
export class RecentTimes {
  readonly #times = new Float64Array(kept);
  #count = 0;
  /** Null when a time has come since. */
  #sorted: Float64Array | null = null;

  add(ms: number): void {
    this.#times[this.#count % kept] = ms;
    this.#count += 1;
    this.#sorted = null;
  }

  /** The least time that a share `quantile` of them did not pass; null while there are fewer than 20. */
  quantile(quantile: number): number | null {
    const size = Math.min(this.#count, kept);
    if (size < enough) {
      return null;
    }
    this.#sorted ??= this.#times.slice(0, size).sort();
    return this.#sorted[Math.ceil(quantile * size) - 1] ?? null;
  }
}
