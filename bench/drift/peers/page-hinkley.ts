import type { StreamDetector } from "./stream-detector.ts";

const leastValues = 30;
const tolerance = 0.005;
const memory = 0.9999;

/**
 * The test of Page and Hinkley (Page, Biometrika 1954), both ways, with the settings that stream libraries give it: none among the
 * first 30, a tolerance of 0.005 and a memory of 0.9999. The threshold is in the unit of the values.
 */
export class PageHinkley implements StreamDetector {
  readonly #threshold: number;
  #count = 0;
  #mean = 0;
  #up = 0;
  #down = 0;
  #lowest = 0;
  #highest = 0;

  constructor({ threshold }: { readonly threshold: number }) {
    this.#threshold = threshold;
  }

  add(value: number): boolean {
    this.#count += 1;
    this.#mean += (value - this.#mean) / this.#count;
    const distance = value - this.#mean;
    this.#up = memory * this.#up + distance - tolerance;
    this.#down = memory * this.#down + distance + tolerance;
    this.#lowest = Math.min(this.#lowest, this.#up);
    this.#highest = Math.max(this.#highest, this.#down);
    const most = Math.max(this.#up - this.#lowest, this.#highest - this.#down);
    const isDrift = this.#count >= leastValues && most > this.#threshold;
    if (isDrift) {
      this.#reset();
    }
    return isDrift;
  }

  #reset(): void {
    this.#count = 0;
    this.#mean = 0;
    this.#up = 0;
    this.#down = 0;
    this.#lowest = 0;
    this.#highest = 0;
  }
}
