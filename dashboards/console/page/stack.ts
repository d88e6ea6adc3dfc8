/**
 * Stacks layers: each result is its layer plus all layers before it. A missing value adds nothing; where no layer has a
 * value the stack has none either.
 */
export const stack = (layers: readonly (readonly (number | null)[])[]): readonly (readonly (number | null)[])[] => {
  const length = layers[0]?.length ?? 0;
  const sums = new Array<number>(length).fill(0);
  const isKnown = Array.from({ length }, (_, index) => layers.some((layer) => layer[index] != null));
  return layers.map((layer) =>
    sums.map((sum, index) => {
      sums[index] = sum + (layer[index] ?? 0);
      return isKnown[index] === true ? (sums[index] ?? null) : null;
    }),
  );
};
