/** Numbers of calls by bin of a value; the bins are those of the store's histograms. */
export type Bins = ReadonlyMap<number, number>;

/** How much earlier than what is stored it is told what was begun, in milliseconds. */
export const startLagMs = 120_000;

/** What the embeddings of some answers add up to: how many, the sum of their vectors, and of their squared lengths. */
export interface EmbeddedAnswers {
  readonly count: number;
  readonly sum: readonly number[];
  readonly squaredNorms: number;
}

/** What came of the calls of one target of a route in a span of time. */
export interface ArmTally {
  readonly route: string;
  /** Name of the target. */
  readonly variant: string;
  readonly calls: number;
  /** Calls that answered whole. */
  readonly answers: number;
  /** Calls that the provider failed: errors, cut and stalled answers, time-outs. */
  readonly errors: number;
  readonly rateLimited: number;
  /** Calls that another target than the first answered. */
  readonly fallbacks: number;
  /** Calls that began in a span of the same length `startLagMs` earlier, so long ago that nearly all of them are over. */
  readonly started: number;
  /** Calls whose answer was measured; among them those that declined, and those whose form is broken or that say nothing. */
  readonly measured: number;
  readonly refusals: number;
  readonly malformed: number;
  /** Calls of which somebody told something, by when that was stored; among them those of which it was bad. */
  readonly rated: number;
  readonly badRated: number;
  readonly ttftMs: Bins;
  readonly durationMs: Bins;
  readonly outputTokens: Bins;
  /** Costs in nano-dollars of the calls that answered whole, and of the others; unpriced calls are in neither. */
  readonly answerCostNanos: Bins;
  readonly otherCostNanos: Bins;
  /** Sums of the embeddings of its answers; absent where nothing was embedded. */
  readonly embedded?: EmbeddedAnswers;
}
