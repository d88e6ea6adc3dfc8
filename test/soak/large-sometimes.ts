const sizes = [900_000, 1_000_000, 1_100_000] as const;

/** Bytes of text in the question of a call of this number: one call in two hundred is large. */
export const largeSometimes = (number: number): number =>
  number % 200 === 0 ? (sizes[(number / 200) % sizes.length] ?? 0) : 0;
