import { embeddingDimensions } from "../core/measures.ts";
import { seededRandom } from "../core/random.ts";
import { unitVector } from "./unit-vector.ts";

/**
 * Places that a number of a long vector is added to or taken off, one in each stretch of what is stored: distances keep as well
 * as through a full Gaussian matrix, at a thirtieth of the work (Kane and Nelson, Sparser Johnson-Lindenstrauss Transforms, 2014).
 */
const placesPerNumber = 8;
const stretch = embeddingDimensions / placesPerNumber;
const seed = 0x51ed270b;

/** Brings a vector of `dimensions` numbers to the length that is stored; null where it has no direction. */
export type Project = (vector: readonly number[]) => Float32Array | null;

/** Makes the projection of vectors of one length: the same everywhere and always. One that is no longer than what is stored is kept. */
export const createProjection = (dimensions: number): Project => {
  const sums = new Float64Array(embeddingDimensions);
  const spread = dimensions > embeddingDimensions ? createSpread(dimensions) : null;
  return (vector) => {
    // Of length 1 first: rounding must not depend on how long the vectors of a model are.
    const unit = unitVector(Float64Array.from(vector));
    if (unit === null) {
      return null;
    }
    sums.fill(0);
    if (spread === null) {
      sums.set(unit);
    } else {
      spread(unit, sums);
    }
    return unitVector(sums);
  };
};

type Spread = (vector: Float32Array, sums: Float64Array) => void;

const createSpread = (dimensions: number): Spread => {
  const places = new Uint16Array(dimensions * placesPerNumber);
  const signs = new Int8Array(places.length);
  const { uniform } = seededRandom(seed);
  for (let at = 0; at < places.length; at += 1) {
    places[at] = (at % placesPerNumber) * stretch + Math.floor(uniform() * stretch);
    signs[at] = uniform() < 0.5 ? -1 : 1;
  }
  return (vector, sums) => {
    let at = 0;
    for (const value of vector) {
      for (const end = at + placesPerNumber; at < end; at += 1) {
        const place = places[at] ?? 0;
        sums[place] = (sums[place] ?? 0) + (signs[at] ?? 0) * value;
      }
    }
  };
};
