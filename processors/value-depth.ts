/** Arrays and maps that may stand in one another: no instrumentation comes near, and a stack holds many times more. */
const deepest = 100;

/** The depth of a value within an array or map at `depth`; throws a `RangeError` when that is deeper than any may stand. */
export const deeper = (depth: number): number => {
  if (depth >= deepest) {
    throw new RangeError(`an attribute holds more than ${deepest} arrays and maps in one another`);
  }
  return depth + 1;
};
