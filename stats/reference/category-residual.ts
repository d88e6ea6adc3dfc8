import type { CategoryCounts } from "../distance/aligned-counts.ts";
import { alignCategories } from "../distance/aligned-counts.ts";
import type { BucketValue } from "./smoothed-logit.ts";

/** Categories of which fewer are expected are taken together (Cochran 1954). */
const leastExpected = 5;

/**
 * The value of categories for test I: Pearson's chi-square of a bucket against the shares of a much larger reference, brought to
 * a standard normal scale by Wilson and Hilferty's cube root (1931), so that its deviation is 1; null for an empty bucket or
 * reference, and where fewer than two cells remain. A category that is new counts with the rare ones.
 */
export const categoryResidual = (reference: CategoryCounts, current: CategoryCounts): BucketValue | null => {
  const aligned = alignCategories(reference, current);
  const [total, count] = [sum(aligned.reference), sum(aligned.current)];
  if (total === 0 || count === 0) {
    return null;
  }
  const smoothed = total + aligned.reference.length / 2;
  const cells = aligned.reference.map((known, index) => ({
    expected: (count * (known + 0.5)) / smoothed,
    observed: aligned.current[index] ?? 0,
  }));
  const common = cells.filter(({ expected }) => expected >= leastExpected);
  const rare = cells.filter(({ expected }) => expected < leastExpected);
  const degrees = common.length + (rare.length > 0 ? 1 : 0) - 1;
  if (degrees < 1) {
    return null;
  }
  const rest = { expected: sum(rare.map(expectedOf)), observed: sum(rare.map(({ observed }) => observed)) };
  // A cell of which less than one is expected would make a single event an alarm.
  const chiSquare = [...common, rest].reduce(
    (total, { expected, observed }) => total + (observed - expected) ** 2 / Math.max(expected, 1),
    0,
  );
  return { value: cubeRootScale(chiSquare, degrees), deviation: 1, count: 1 };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const expectedOf = ({ expected }: { readonly expected: number }): number => expected;

const cubeRootScale = (chiSquare: number, degrees: number): number => {
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(chiSquare / degrees) - (1 - variance)) / Math.sqrt(variance);
};
