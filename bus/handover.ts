interface Offer<T> {
  readonly value: T;
  readonly settle: (isTaken: boolean) => void;
}

/** Passes values from many givers to one taker, each when the taker asks for it: nothing piles up in between. */
export class Handover<T> {
  readonly #offers: Offer<T>[] = [];
  #wanted: ((value: T | null) => void) | null = null;
  #isClosed = false;

  /** Resolves to true when the value was taken; to false when it will not be, because this was closed or the signal aborted. */
  give(value: T, signal: AbortSignal): Promise<boolean> {
    if (this.#isClosed || signal.aborted) return Promise.resolve(false);
    if (this.#wanted !== null) {
      this.#wanted(value);
      this.#wanted = null;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const withdraw = (): void => {
        this.#offers.splice(this.#offers.indexOf(offer), 1);
        resolve(false);
      };
      const settle = (isTaken: boolean): void => {
        signal.removeEventListener("abort", withdraw);
        resolve(isTaken);
      };
      const offer = { value, settle };
      this.#offers.push(offer);
      signal.addEventListener("abort", withdraw, { once: true });
    });
  }

  /** The next value; null when this was closed. Only one may ask at a time. */
  take(): Promise<T | null> {
    if (this.#isClosed) return Promise.resolve(null);
    const offer = this.#offers.shift();
    if (offer !== undefined) {
      offer.settle(true);
      return Promise.resolve(offer.value);
    }
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }

  /** Ends the taking: what was not taken is given back. */
  close(): void {
    this.#isClosed = true;
    for (const { settle } of this.#offers.splice(0)) settle(false);
    this.#wanted?.(null);
    this.#wanted = null;
  }
}
