import type { Source } from "./call.ts";
import type { MeasuredSeries } from "./evidence.ts";

/**
 * Numbers of a vector are kept as whole multiples of one part in so many, so that sums do not depend on the order in which they are
 * added: what that rounds off is a thousandth of a vector's length in all.
 */
export const embeddingParts = 1_024;

/** What the embeddings of some answers of one series add up to: all that is kept of them. */
export interface EmbeddingSum extends MeasuredSeries {
  /** Start of the minute in which the calls started, in seconds since the Unix epoch. */
  readonly minuteSeconds: number;
  /** Whether they were sent a second time to be looked at, and had no caller. */
  readonly isShadow: boolean;
  /** Answers. */
  readonly n: number;
  /** Sum of their vectors, in parts. */
  readonly sums: readonly number[];
  /** Sum of the squared lengths of their vectors, in squared parts. */
  readonly squares: number;
  /** The range they were read in: the offset of its first record, and the place among its sums. */
  readonly source: Source;
}

/** What the embeddings of the answers of one series in one minute add up to, as numbers. */
export interface EmbeddedMinute extends MeasuredSeries {
  /** Start of the minute, in milliseconds since the Unix epoch. */
  readonly minuteMs: number;
  /** Answers. */
  readonly n: number;
  /** Sum of their vectors. */
  readonly sum: readonly number[];
  /** Sum of the squared lengths of their vectors. */
  readonly squaredNorms: number;
}
