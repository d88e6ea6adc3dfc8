/** Wakes whoever waits for it. A ring that nobody waits for is forgotten: check the state first, then wait. */
export class Bell {
  #waiting: PromiseWithResolvers<void> | null = null;

  /** Resolves at the next ring. */
  wait(): Promise<void> {
    this.#waiting ??= Promise.withResolvers<void>();
    return this.#waiting.promise;
  }

  /** Wakes all who wait now. */
  ring(): void {
    this.#waiting?.resolve();
    this.#waiting = null;
  }
}
