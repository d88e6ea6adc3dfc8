/**
 * Positions of the values that have no known neighbour on either side: a line through them has no length, so without a
 * mark of their own they would not show.
 */
export const isolatedPoints = (values: ArrayLike<number | null | undefined>): number[] => {
  const isKnown = (index: number): boolean => typeof values[index] === "number";
  return Array.from({ length: values.length }, (_, index) => index).filter(
    (index) => isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1),
  );
};
