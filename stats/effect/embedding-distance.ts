import type { EmbeddingSums } from "../reference/linear-mmd.ts";
import { linearMmd } from "../reference/linear-mmd.ts";

/**
 * How far the means of two sets of embeddings are apart, in units of how far an answer lies from the mean of its set: 0 for sets that are
 * not apart by more than chance or of which all answers are the same. RangeError as for `linearMmd`.
 */
export const embeddingDistance = (one: EmbeddingSums, two: EmbeddingSums): number => {
  const spread = (spreadOf(one) + spreadOf(two)) / 2;
  const squared = Math.max(0, linearMmd(one, two).squared);
  return spread === 0 ? 0 : Math.sqrt(squared / spread);
};

/** Mean squared distance of the answers of a set from their mean, unbiased. */
const spreadOf = ({ count, sum, squaredNorms }: EmbeddingSums): number => {
  const squares = Array.from(sum).reduce((total, value) => total + value ** 2, 0);
  return Math.max(0, (squaredNorms - squares / count) / (count - 1));
};
