import { createHash } from "node:crypto";

/** A source of numbers in [0, 1) that always gives the same ones for the same seed. */
export type RandomSource = () => number;

const twoTo32 = 4_294_967_296;

/** Numbers from a text seed: the small fast counter generator `sfc32`, started from a hash of the seed. */
export const seededRandom = (seed: string): RandomSource => {
  const hash = createHash("sha256").update(seed).digest();
  let a = hash.readUInt32LE(0);
  let b = hash.readUInt32LE(4);
  let c = hash.readUInt32LE(8);
  let counter = hash.readUInt32LE(12) | 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / twoTo32;
  };
};

/** A draw from the log-normal law with the given median and standard deviation of its logarithm. */
export const logNormal = (random: RandomSource, median: number, sigma: number): number =>
  median * Math.exp(sigma * standardNormal(random));

/** Box and Muller's transform; 1 - u keeps the logarithm's argument above 0. */
const standardNormal = (random: RandomSource): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
