import { requireNonNegative } from "../special/require-number.ts";

/** Bins are powers of this, as in the store's rollups: a value read from its bin is off by at most (gamma - 1) / (gamma + 1). */
export const binGamma = 1.02;

/** Bin of zero, which has no logarithm. */
export const zeroBin = -32_768;

/** Smaller values count as this, so that every bin fits its 16 bits. */
const smallest = 1e-9;

/** The bin of a value from 0 on: bin i holds values above gamma^(i-1) up to gamma^i. RangeError for a negative value. */
export const binOf = (value: number): number =>
  requireNonNegative("a value", value) === 0
    ? zeroBin
    : Math.ceil(Math.log(Math.max(value, smallest)) / Math.log(binGamma));

/** The point of a bin that is nearest to all of it in relative terms: off by less than 1%; 0 for the zero bin. */
export const binValue = (bin: number): number => (bin === zeroBin ? 0 : (2 * binGamma ** bin) / (binGamma + 1));
