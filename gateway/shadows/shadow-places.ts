/** The places for shadows under way. */
export class ShadowPlaces {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place; false when there is none. */
  take(): boolean {
    const isFree = this.#taken < this.#limit;
    this.#taken += isFree ? 1 : 0;
    return isFree;
  }

  release(): void {
    this.#taken -= 1;
  }
}
