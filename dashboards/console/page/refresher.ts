/** What a refresher needs; times are in milliseconds. */
export interface RefresherDeps {
  readonly intervalMs: number;
  /** Asks everything and shows it; it must settle, and `signal` aborts when the answer is no longer wanted. */
  readonly refresh: (signal: AbortSignal) => Promise<void>;
}

/** Refreshes at once and then at an interval that begins when the last refresh has ended, so that a slow store is not piled upon. */
export class Refresher {
  readonly #deps: RefresherDeps;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #current = new AbortController();
  #isPaused = false;

  constructor(deps: RefresherDeps) {
    this.#deps = deps;
  }

  /** Whether the interval stands still. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Drops what is under way and refreshes now, also when paused. */
  readonly now = (): void => {
    clearTimeout(this.#timer);
    this.#current.abort();
    const current = new AbortController();
    this.#current = current;
    void this.#deps.refresh(current.signal).finally(() => {
      if (this.#current === current) this.#schedule();
    });
  };

  /** Stops the interval; what is under way is still shown. */
  readonly pause = (): void => {
    this.#isPaused = true;
    clearTimeout(this.#timer);
  };

  /** Goes on, beginning with a refresh. */
  readonly resume = (): void => {
    this.#isPaused = false;
    this.now();
  };

  readonly #schedule = (): void => {
    clearTimeout(this.#timer);
    if (!this.#isPaused) this.#timer = setTimeout(this.now, this.#deps.intervalMs);
  };
}
