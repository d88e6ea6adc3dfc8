/** One measured figure: the median of `n` runs, or a single reading when `n` is 1. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
  /** When it was measured, ISO 8601. */
  readonly at: string;
}

/** The median; of an even number of values the lower of the two in the middle. NaN when there are none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The smallest value that at least a share `q` of the values does not exceed; NaN when there are none. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil(q * sorted.length) - 1, 0)] ?? Number.NaN;
};

/** Makes a figure of the median of several runs. */
export const medianFigure = (name: string, unit: string, values: readonly number[]): Figure => ({
  name,
  value: rounded(median(values)),
  unit,
  n: values.length,
  at: new Date().toISOString(),
});

/** Makes a figure of a value that was found over `n` runs together. */
export const figureOf = (name: string, found: Pick<Figure, "value" | "unit" | "n">): Figure => ({
  name,
  ...found,
  value: rounded(found.value),
  at: new Date().toISOString(),
});

/** Four significant digits: more would claim more than a shared machine can measure. */
const rounded = (value: number): number => Number(value.toPrecision(4));
