/** A seeded source of random numbers. */
export interface Random {
  /** Evenly from 0 up to, not including, 1. */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
}

/** Marsaglia's xorshift with 32 bits, and Box and Muller's pairs: the same numbers on every machine. */
export const seededRandom = (seed: number): Random => {
  let state = seed | 0 || 1;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
};
