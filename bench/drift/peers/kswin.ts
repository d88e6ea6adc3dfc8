import { randomFrom } from "../../../processors/drift-draw.ts";
import type { StreamDetector } from "./stream-detector.ts";

const windowSize = 100;
const recentSize = 30;
const leastDistance = 0.1;

/**
 * KSWIN of Raab, Heusinger and Schleif, Neurocomputing 2020, with its defaults: the last 30 values of a window of 100 against 30
 * drawn from the 70 before, by the exact test of Kolmogorov and Smirnov, at every value. After an alarm the last 30 are kept.
 */
export class Kswin implements StreamDetector {
  readonly #random: () => number;
  readonly #leastSteps: number;
  #window: number[] = [];
  readonly #older = new Float64Array(windowSize - recentSize);

  constructor({ alpha, seed }: { readonly alpha: number; readonly seed: string }) {
    this.#random = randomFrom(seed);
    this.#leastSteps = Math.max(stepsAt(recentSize, alpha), Math.floor(leastDistance * recentSize) + 1);
  }

  add(value: number): boolean {
    this.#window.push(value);
    if (this.#window.length < windowSize) {
      return false;
    }
    if (this.#window.length > windowSize) {
      this.#window.shift();
    }
    const recent = Float64Array.from(this.#window.slice(-recentSize)).sort();
    const isDrift = stepsBetween(this.#drawOlder().sort(), recent) >= this.#leastSteps;
    if (isDrift) {
      this.#window = this.#window.slice(-recentSize);
    }
    return isDrift;
  }

  #drawOlder(): Float64Array {
    const older = this.#older;
    for (let index = 0; index < older.length; index += 1) {
      older[index] = this.#window[index] ?? 0;
    }
    for (let index = 0; index < recentSize; index += 1) {
      const other = index + Math.floor(this.#random() * (older.length - index));
      const kept = older[index] ?? 0;
      older[index] = older[other] ?? 0;
      older[other] = kept;
    }
    return older.slice(0, recentSize);
  }
}

/** The largest difference of two sorted samples of one size, in steps of 1 / size. */
export const stepsBetween = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [left, right, most] = [0, 0, 0];
  while (left < a.length && right < b.length) {
    const next = Math.min(a[left] ?? 0, b[right] ?? 0);
    while (left < a.length && (a[left] ?? 0) <= next) left += 1;
    while (right < b.length && (b[right] ?? 0) <= next) right += 1;
    most = Math.max(most, Math.abs(left - right));
  }
  return most;
};

/** The fewest steps whose two-sided probability is at most alpha (Gnedenko and Korolyuk 1951). */
export const stepsAt = (size: number, alpha: number): number => {
  let steps = 1;
  while (steps < size && probabilityOfSteps(size, steps) > alpha) {
    steps += 1;
  }
  return steps;
};

/** Probability that two samples of one size from one distribution differ by so many steps or more. */
const probabilityOfSteps = (size: number, steps: number): number => {
  let [sum, sign] = [0, 1];
  for (let reach = steps; reach <= size; reach += steps) {
    sum += sign * ratioOfBinomials(size, reach);
    sign = -sign;
  }
  return 2 * sum;
};

/** C(2n, n - k) / C(2n, n). */
const ratioOfBinomials = (n: number, k: number): number => {
  let ratio = 1;
  for (let index = 1; index <= k; index += 1) {
    ratio *= (n - k + index) / (n + index);
  }
  return ratio;
};
