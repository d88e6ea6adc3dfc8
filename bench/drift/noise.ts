import { randomFrom } from "../../processors/drift-draw.ts";

/** Random numbers that a seed alone decides. */
export interface Noise {
  /** Evenly from 0 up to, not including, 1. */
  readonly uniform: () => number;
  /** Standard normal (Box and Muller 1958, both numbers of a pair). */
  readonly normal: () => number;
}

/** The random numbers of a seed. */
export const noiseFrom = (seed: string): Noise => {
  const uniform = randomFrom(seed);
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
};
