/**
 * ln of the sum of e^x over all x, without overflow; -Infinity for an empty list or one of -Infinity only. TypeError for NaN.
 */
export const logSumExp = (logs: readonly number[]): number => {
  const largest = logs.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  const sum = logs.reduce((total, value) => total + Math.exp(value - largest), 0);
  if (!Number.isFinite(largest)) {
    return logs.some(Number.isNaN) ? notANumber() : largest;
  }
  return Number.isNaN(sum) ? notANumber() : largest + Math.log(sum);
};

/** ln of the mean of e^x; RangeError for an empty list, TypeError for NaN. */
export const logMeanExp = (logs: readonly number[]): number => {
  if (logs.length === 0) {
    throw new RangeError("the mean of no value");
  }
  return logSumExp(logs) - Math.log(logs.length);
};

const notANumber = (): never => {
  throw new TypeError("a logarithm is not a number");
};
