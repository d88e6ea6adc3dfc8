/** The vector of length 1 in the same direction; null where there is none, or a number too large to be squared. */
export const unitVector = (values: Float64Array): Float32Array | null => {
  let squares = 0;
  for (const value of values) {
    squares += value * value;
  }
  if (squares === 0 || !Number.isFinite(squares)) {
    return null;
  }
  const norm = Math.sqrt(squares);
  const vector = new Float32Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    vector[index] = (values[index] ?? 0) / norm;
  }
  return vector;
};
