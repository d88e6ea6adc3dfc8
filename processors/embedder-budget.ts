const minuteMs = 60_000;

/** The characters that may be sent in a minute; a minute begins with the first of them. */
export class MinuteBudget {
  readonly #perMinute: number;
  #left: number;
  #beganMs = Number.NEGATIVE_INFINITY;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#left = perMinute;
  }

  /** Takes so many characters, or none where they are more than are left; tells which. `nowMs` is monotonic. */
  take(characters: number, nowMs: number): boolean {
    if (nowMs - this.#beganMs >= minuteMs) {
      this.#beganMs = nowMs;
      this.#left = this.#perMinute;
    }
    if (characters > this.#left) {
      return false;
    }
    this.#left -= characters;
    return true;
  }
}
