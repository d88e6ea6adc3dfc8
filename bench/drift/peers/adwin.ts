import type { StreamDetector } from "./stream-detector.ts";

interface Bucket {
  readonly total: number;
  /** Sum of squared distances from the bucket's mean. */
  readonly squares: number;
}

const bucketsPerRow = 5;
const clock = 32;
const grace = 10;
const leastWindow = 5;

/**
 * ADWIN2 of Bifet and Gavalda, SIAM International Conference on Data Mining 2007, with the settings that stream libraries give
 * it: 5 buckets a row, a look every 32 values, none among the first 10, windows of at least 5. It looks at every border of
 * buckets, and drops the oldest bucket as long as any two windows differ.
 */
export class Adwin implements StreamDetector {
  readonly #delta: number;
  /** Row r has buckets of 2^r values, the oldest first. */
  readonly #rows: Bucket[][] = [[]];
  #width = 0;
  #total = 0;
  #squares = 0;
  #ticks = 0;

  constructor({ delta }: { readonly delta: number }) {
    this.#delta = delta;
  }

  /** Values in the window. */
  get width(): number {
    return this.#width;
  }

  /** Variance of the values in the window; NaN before the first. */
  get variance(): number {
    return this.#squares / this.#width;
  }

  add(value: number): boolean {
    if (this.#width > 0) {
      const distance = value - this.#total / this.#width;
      this.#squares += (distance * distance * this.#width) / (this.#width + 1);
    }
    this.#width += 1;
    this.#total += value;
    this.#rows[0]?.push({ total: value, squares: 0 });
    this.#compress();
    this.#ticks += 1;
    return this.#ticks % clock === 0 && this.#width > grace && this.#shrink();
  }

  #compress(): void {
    for (let row = 0; (this.#rows[row]?.length ?? 0) > bucketsPerRow; row += 1) {
      const [a, b] = this.#rows[row]?.splice(0, 2) ?? [];
      if (a !== undefined && b !== undefined) {
        const size = 2 ** row;
        const squares = a.squares + b.squares + ((a.total - b.total) / size) ** 2 * (size / 2);
        this.#rows[row + 1] ??= [];
        this.#rows[row + 1]?.push({ total: a.total + b.total, squares });
      }
    }
  }

  #shrink(): boolean {
    let hasChanged = false;
    while (this.#width > grace && this.#hasCut()) {
      hasChanged = true;
      this.#dropOldest();
    }
    return hasChanged;
  }

  #hasCut(): boolean {
    let [count, total] = [0, 0];
    for (let row = this.#rows.length - 1; row >= 0; row -= 1) {
      for (const bucket of this.#rows[row] ?? []) {
        count += 2 ** row;
        total += bucket.total;
        if (this.#width - count < leastWindow) {
          return false;
        }
        if (count >= leastWindow && this.#differs(count, total)) {
          return true;
        }
      }
    }
    return false;
  }

  #differs(count: number, total: number): boolean {
    const rest = this.#width - count;
    const distance = Math.abs(total / count - (this.#total - total) / rest);
    const logs = Math.log((2 * Math.log(this.#width)) / this.#delta);
    const sizes = 1 / (count - leastWindow + 1) + 1 / (rest - leastWindow + 1);
    return distance > Math.sqrt(2 * sizes * this.variance * logs) + (2 / 3) * logs * sizes;
  }

  #dropOldest(): void {
    const row = this.#rows.findLastIndex((buckets) => buckets.length > 0);
    const oldest = this.#rows[row]?.shift();
    if (oldest === undefined) {
      return;
    }
    const size = 2 ** row;
    this.#width -= size;
    this.#total -= oldest.total;
    const distance = oldest.total / size - (this.#width > 0 ? this.#total / this.#width : 0);
    const between = (distance * distance * size * this.#width) / (size + this.#width);
    this.#squares = Math.max(0, this.#squares - oldest.squares - between);
    this.#rows.length = Math.max(1, row + (this.#rows[row]?.length === 0 ? 0 : 1));
  }
}
