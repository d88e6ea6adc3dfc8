/** At most so many samples are kept; beyond them every second one goes. */
const maxSamples = 2_048;

interface Sample {
  /** The last sequence at that time. */
  readonly through: number;
  /** Monotonic, in milliseconds. */
  readonly atMs: number;
}

/**
 * Tells how long the oldest call of a queue has waited at least, from looks at the queue's ends now and then: it was there
 * at the first look that saw its sequence. So its age is told too low by no more than the time between two looks.
 */
export class OldestWaiting {
  #samples: Sample[] = [];

  /** Looks at a queue that holds the sequences above `done` up to `last`; returns milliseconds, null when it is empty. */
  look(queue: { readonly last: number; readonly done: number }, nowMs: number): number | null {
    const { last, done } = queue;
    this.#samples = this.#samples.filter(({ through }) => through > done);
    if (last > (this.#samples.at(-1)?.through ?? done)) {
      this.#samples.push({ through: last, atMs: nowMs });
    }
    if (this.#samples.length > maxSamples) {
      // A sequence whose sample goes counts from the next one, so its age is told too low, never too high.
      this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    }
    const [oldest] = this.#samples;
    return oldest === undefined ? null : nowMs - oldest.atMs;
  }
}
