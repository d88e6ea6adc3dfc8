/** A number that is neither NaN (TypeError) nor infinite (RangeError). */
export const requireFinite = (name: string, value: number): number => {
  if (Number.isNaN(value)) {
    throw new TypeError(`${name} is not a number`);
  }
  if (!Number.isFinite(value)) {
    throw new RangeError(`${name} is infinite`);
  }
  return value;
};

/** A finite number from 0 on; otherwise as `requireFinite`, or RangeError. */
export const requireNonNegative = (name: string, value: number): number => {
  if (requireFinite(name, value) < 0) {
    throw new RangeError(`${name} is negative: ${value}`);
  }
  return value;
};

/** A finite number above 0; otherwise as `requireFinite`, or RangeError. */
export const requirePositive = (name: string, value: number): number => {
  if (requireFinite(name, value) <= 0) {
    throw new RangeError(`${name} is not above 0: ${value}`);
  }
  return value;
};

/** A whole number from 0 on that a double holds exactly; otherwise as `requireFinite`, or RangeError. */
export const requireCount = (name: string, value: number): number => {
  if (!Number.isSafeInteger(requireNonNegative(name, value))) {
    throw new RangeError(`${name} is not a whole number that can be counted to: ${value}`);
  }
  return value;
};

/** A number strictly between 0 and 1; otherwise as `requireFinite`, or RangeError. */
export const requireShare = (name: string, value: number): number => {
  if (requirePositive(name, value) >= 1) {
    throw new RangeError(`${name} is not below 1: ${value}`);
  }
  return value;
};

/** A list with at least one element; RangeError for an empty one. */
export const requireSome = <T>(name: string, values: readonly T[]): readonly T[] => {
  if (values.length === 0) {
    throw new RangeError(`${name} is empty`);
  }
  return values;
};

/** The element at a place that the caller knows to be there; RangeError otherwise. */
export const at = (values: ArrayLike<number>, index: number): number => {
  const value = values[index];
  if (value === undefined) {
    throw new RangeError(`there is no element ${index} of ${values.length}`);
  }
  return value;
};
