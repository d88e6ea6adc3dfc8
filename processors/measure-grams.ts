import { embeddingDimensions } from "../core/measures.ts";
import { unitVector } from "./unit-vector.ts";

/** Characters of a run. */
const runLength = 4;
/** Runs are counted in this many slots, by their hash. */
const slotBits = 12;
const slots = 1 << slotBits;
/**
 * Dimensions that a slot is projected to, one in each stretch of the vector. A full Gaussian matrix would cost 32 times
 * as much; this one keeps distances as well where no slot dominates (Kane and Nelson, Sparser Johnson-Lindenstrauss
 * Transforms, 2014).
 */
const weightsPerSlot = 8;
const stretch = embeddingDimensions / weightsPerSlot;
/** Redundancy is counted within blocks of this many characters, so that it does not depend on the length. */
const blockLength = 512;

/** A run is hashed as two pairs of characters, 32 bits each, so that no step waits for the one before. */
const firstFactor = 0x9e3779b1;
const secondFactor = 0x85ebca77;
const mixer = 0x2c1b3c6d;

/** What the runs of 4 characters of a text say of it. */
export interface GramMeasures {
  /** Null for a text without a run of 4 characters. */
  readonly embedding: Float32Array | null;
  /** From 0 to 1; null for a text without a whole block. */
  readonly redundancy: number | null;
}

/** Counts the runs of 4 characters of texts, and projects the square roots of the counts to a vector of length 1. */
export class GramCounter {
  readonly #embeds: boolean;
  readonly #weights = new Float32Array(slots * weightsPerSlot);
  /** The dimension of each weight, within the whole vector. */
  readonly #dimensions = new Uint8Array(slots * weightsPerSlot);
  readonly #counts = new Uint16Array(slots);
  /** The slots with a count, in order of their first run. */
  readonly #filled = new Uint16Array(slots);
  /** The last run of this block in each slot. */
  readonly #lastRuns = new Int32Array(slots);
  readonly #sums = new Float64Array(embeddingDimensions);

  constructor({ embeds }: { readonly embeds: boolean } = { embeds: true }) {
    this.#embeds = embeds;
    const random = createRandom(0x9e3779b9);
    for (let index = 0; index < this.#weights.length; index += 1) {
      this.#weights[index] = nearlyGaussian(random);
      this.#dimensions[index] = (index % weightsPerSlot) * stretch + Math.floor(random() * stretch);
    }
  }

  /** Measures a text of at most 65,536 characters. */
  measure(text: string): GramMeasures {
    const { filled, repeated, blocks } = this.#count(text);
    const embedding = this.#embeds ? this.#project(filled) : null;
    this.#forget(filled);
    return { embedding, redundancy: blocks === 0 ? null : repeated / (blocks * blockLength) };
  }

  #count(text: string): { readonly filled: number; readonly repeated: number; readonly blocks: number } {
    const lastRuns = this.#lastRuns;
    let [filled, repeated, repeatedInBlock, blocks] = [0, 0, 0, 0];
    let [code, pair, pairBefore, pairTwoBefore] = [0, 0, 0, 0];
    lastRuns.fill(0);
    for (let at = 0; at < text.length; at += 1) {
      pairTwoBefore = pairBefore;
      pairBefore = pair;
      pair = code << 16;
      code = text.charCodeAt(at);
      pair |= code;
      if (at >= runLength - 1) {
        const hash = (Math.imul(pairTwoBefore, firstFactor) + Math.imul(pair, secondFactor)) | 0;
        const slot = Math.imul(hash ^ (hash >>> 15), mixer) >>> (32 - slotBits);
        filled += this.#add(slot, filled);
        repeatedInBlock += lastRuns[slot] === hash ? 1 : 0;
        lastRuns[slot] = hash;
      }
      if ((at & (blockLength - 1)) === blockLength - 1) {
        blocks += 1;
        repeated += repeatedInBlock;
        repeatedInBlock = 0;
        lastRuns.fill(0);
      }
    }
    return { filled, repeated, blocks };
  }

  /** Counts a run in its slot; 1 when it is the first there, which is then noted as the slot filled last. */
  #add(slot: number, filled: number): 0 | 1 {
    const count = this.#counts[slot] ?? 0;
    this.#counts[slot] = count + 1;
    if (count > 0) {
      return 0;
    }
    this.#filled[filled] = slot;
    return 1;
  }

  /** Clears the counts for the next text. */
  #forget(filled: number): void {
    for (let index = 0; index < filled; index += 1) {
      this.#counts[this.#filled[index] ?? 0] = 0;
    }
  }

  /** Projects the counts. */
  #project(filled: number): Float32Array | null {
    const [sums, weights, dimensions] = [this.#sums, this.#weights, this.#dimensions];
    sums.fill(0);
    for (let index = 0; index < filled; index += 1) {
      const slot = this.#filled[index] ?? 0;
      const value = Math.sqrt(this.#counts[slot] ?? 0);
      const end = (slot + 1) * weightsPerSlot;
      for (let at = slot * weightsPerSlot; at < end; at += 1) {
        const dimension = dimensions[at] ?? 0;
        sums[dimension] = (sums[dimension] ?? 0) + value * (weights[at] ?? 0);
      }
    }
    return unitVector(sums);
  }
}

/** Uniform numbers below 1 by Mulberry32, the same on every machine. */
const createRandom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The sum of 12 uniform numbers: Gaussian but for its far tails, and exact where a logarithm might differ by machine. */
const nearlyGaussian = (random: () => number): number => {
  let sum = -6;
  for (let index = 0; index < 12; index += 1) {
    sum += random();
  }
  return sum;
};
