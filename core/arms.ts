/** Numbers of calls by bin of a value; the bins are those of the store's histograms. */
export type Bins = ReadonlyMap<number, number>;

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
  /** By name and version of each measure: in how many calls it was measured, and in how many it was above 0. */
  readonly measured: ReadonlyMap<string, { readonly n: number; readonly above: number }>;
  readonly ttftMs: Bins;
  readonly durationMs: Bins;
  readonly outputTokens: Bins;
  /** Costs in nano-dollars of the calls that answered whole, and of the others; unpriced calls are in neither. */
  readonly answerCostNanos: Bins;
  readonly otherCostNanos: Bins;
}
