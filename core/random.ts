/** A seeded source of random numbers: the same ones for the same seed, on every machine. */
export interface Random {
  /** Evenly from 0 up to, not including, 1. */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
}

/** A state to begin with: three words of 32 bits, and a counter. */
export type RandomState = readonly [number, number, number, number];

const twoTo32 = 4_294_967_296;
/** Numbers thrown away after a seed of a single word, until its bits are everywhere in the state. */
const mixedAfter = 20;

/** The small fast counter generator of PractRand (Doty-Humphrey), 128 bits of state, and Box and Muller's transform. */
export const randomFrom = (state: RandomState): Random => {
  let [a, b, c, counter] = state;
  const uniform = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / twoTo32;
  };
  // 1 - u keeps the logarithm's argument above 0.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
};

/** Random numbers from a whole number. */
export const seededRandom = (seed: number): Random => {
  const random = randomFrom([seed | 0, 0x9e3779b9, 0x243f6a88, 1]);
  for (let round = 0; round < mixedAfter; round += 1) {
    random.uniform();
  }
  return random;
};
