/** What a series of measured calls is told apart by. */
export interface MeasuredSeries {
  readonly tenant: string;
  readonly route: string;
  /** Target that was chosen. */
  readonly variant: string;
  /** Model that answered. */
  readonly model: string;
  /**
   * Version of the prompt: `name@version` of a named one, else the first two hex digits of the system prompt's hash; empty
   * without either. `probe` for answers to probes, `other` for what is compared together.
   */
  readonly prompt: string;
  /** Name and version of the measure, such as `refusal@1`; of a category with its value, such as `language@1=en`. */
  readonly measure: string;
}

/** What was measured of a series in one minute. */
export interface MeasuredMinute extends MeasuredSeries {
  /** Start of the minute, in milliseconds since the Unix epoch. */
  readonly minuteMs: number;
  /** Calls in which it was measured. */
  readonly n: number;
  /** Sum of the values. */
  readonly sum: number;
  /** Numbers of values by bin; the bins are those of the store's histograms. */
  readonly bins: ReadonlyMap<number, number>;
  /** The same by stratum of the input, as far as inputs were measured; absent where none were, and for measures of inputs. */
  readonly strata?: readonly StratumBin[];
}

/** Values of calls whose inputs are of one stratum, in one bin or near it. */
export interface StratumBin {
  /** Place of the stratum among the values of the measure `stratum`. */
  readonly stratum: number;
  /** A multiple of 4, or the bin of zero: the bins of strata are a quarter as fine. */
  readonly bin: number;
  readonly count: number;
}

/** How a sequential test stands: it gathers its reference, it compares, or it has crossed its bound. */
export type EvidenceStatus = "learning" | "watching" | "alarm";

/** Where a sequential test of a series stands after a minute. */
export interface Evidence extends MeasuredSeries {
  /** Start of the last minute that it has seen, in milliseconds since the Unix epoch. */
  readonly minuteMs: number;
  readonly status: EvidenceStatus;
  /** What it is compared with, in words; empty while there is nothing. */
  readonly reference: string;
  /** Natural logarithm of the evidence against "nothing has changed"; 0 says nothing either way. */
  readonly logEvidence: number;
  /** The evidence that makes an alarm, as natural logarithm. */
  readonly logBound: number;
  /** Calls that were compared, and the reference's, with their means; null without calls. */
  readonly current: Sample;
  readonly baseline: Sample;
  /** What changed, in words. */
  readonly says: string;
  /** The test's own state, as JSON. */
  readonly state: string;
}

/** How many values there were, and their mean; null without values. */
export interface Sample {
  readonly n: number;
  readonly mean: number | null;
}

/** Something that was found out about calls. */
export interface Finding extends MeasuredSeries {
  /** Start of the minute that made it one, in milliseconds since the Unix epoch. */
  readonly minuteMs: number;
  readonly kind: "drift";
  readonly reference: string;
  readonly logEvidence: number;
  readonly current: Sample;
  readonly baseline: Sample;
  readonly says: string;
}

/** What a detector concluded from one minute; stored together. */
export interface Conclusions {
  /** Name and version of the detector. */
  readonly detector: string;
  /** The minute, in milliseconds since the Unix epoch. */
  readonly minuteMs: number;
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
}
