import { at, requireCount, requireFinite, requireNonNegative } from "../special/require-number.ts";

/** All that is kept of the embeddings of some answers. */
export interface EmbeddingSums {
  /** Answers. */
  readonly count: number;
  /** Sum of their vectors. */
  readonly sum: ArrayLike<number>;
  /** Sum of the squared lengths of their vectors. */
  readonly squaredNorms: number;
}

/** How far two sets of embeddings are apart. */
export interface LinearMmd {
  /** Unbiased estimate of the squared distance of their means; may be below 0. */
  readonly squared: number;
  /** The same over 1/n + 1/m: identical sets give it the same variance whatever their sizes. The value for test I. */
  readonly scaled: number;
}

/**
 * Squared maximum mean discrepancy with the linear kernel, unbiased, from sums alone. Gretton and others, JMLR 2012, lemma 6.
 * RangeError for fewer than 2 answers in a set or vectors of different length.
 */
export const linearMmd = (one: EmbeddingSums, two: EmbeddingSums): LinearMmd => {
  const [n, m] = [requireCount("count", one.count), requireCount("count", two.count)];
  if (n < 2 || m < 2) {
    throw new RangeError(`${n} and ${m} answers: each set needs 2`);
  }
  if (one.sum.length !== two.sum.length) {
    throw new RangeError(`vectors of ${one.sum.length} and ${two.sum.length} numbers`);
  }
  const squared = within(one) + within(two) - (2 * product(one.sum, two.sum)) / (n * m);
  return { squared, scaled: squared / (1 / n + 1 / m) };
};

/** Mean of the products of different vectors of a set. */
const within = ({ count, sum, squaredNorms }: EmbeddingSums): number =>
  (product(sum, sum) - requireNonNegative("squaredNorms", squaredNorms)) / (count * (count - 1));

const product = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let total = 0;
  for (let index = 0; index < a.length; index += 1) {
    total += at(a, index) * at(b, index);
  }
  return requireFinite("a number of a vector", total);
};
