const stepMs = 1_000;
/** A minute has 60 seconds, and begins within one: with 61 of them nothing of the last 60,000 ms is ever left out. */
const steps = 61;

/**
 * What was used in the last minute, in steps of a second: nothing is forgotten before 60 seconds have passed, and everything
 * before 61 have. Times are monotonic milliseconds, and never go back.
 */
export class MinuteWindow {
  readonly #amounts = new Float64Array(steps);
  /** The last second seen, counted from time 0. */
  #second = 0;
  #used = 0;

  /** What was used in the minute before a time. */
  usedAt(nowMs: number): number {
    this.#turn(nowMs);
    return this.#used;
  }

  /** Counts an amount; returns the second that it counts in, for `change`. */
  add(amount: number, nowMs: number): number {
    this.#turn(nowMs);
    this.#put(amount);
    return this.#second;
  }

  /** Changes what was counted in a second by a difference; one that is forgotten already stays so. */
  change(second: number, difference: number, nowMs: number): void {
    this.#turn(nowMs);
    if (second <= this.#second - steps) return;
    this.#amounts[second % steps] = (this.#amounts[second % steps] ?? 0) + difference;
    this.#used += difference;
  }

  /** Milliseconds until no more than `most` is used, if nothing is added; 0 when that is so now. */
  waitMs(most: number, nowMs: number): number {
    this.#turn(nowMs);
    let left = this.#used;
    for (let second = this.#second - steps + 1; left > most && second <= this.#second; second += 1) {
      left -= second < 0 ? 0 : (this.#amounts[second % steps] ?? 0);
      if (left <= most) return (second + steps) * stepMs - nowMs;
    }
    return 0;
  }

  #put(amount: number): void {
    this.#amounts[this.#second % steps] = (this.#amounts[this.#second % steps] ?? 0) + amount;
    this.#used += amount;
  }

  #turn(nowMs: number): void {
    const now = Math.floor(nowMs / stepMs);
    if (now - this.#second >= steps) {
      this.#amounts.fill(0);
      this.#used = 0;
      this.#second = now;
    }
    while (this.#second < now) {
      this.#second += 1;
      this.#used -= this.#amounts[this.#second % steps] ?? 0;
      this.#amounts[this.#second % steps] = 0;
    }
  }
}
