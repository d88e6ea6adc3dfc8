import type { Outcome } from "./outcomes.ts";
import type { Usage } from "./usage.ts";

/** Numbers by the name and version of their measure. */
export type Measures = Readonly<Record<string, number>>;

/** Where a record was read from: enough to find its bytes on the bus again. */
export interface Source {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Position of the span within the record, from 0. */
  readonly index: number;
}

/**
 * One logical call to a model, whatever number of attempts it took: one wide row, written once.
 * `null` means not known, never 0.
 */
export interface Call {
  /** 16 hex characters: the id of the logical span. */
  readonly callId: string;
  /** 32 hex characters. */
  readonly traceId: string;
  readonly tenant: string;
  readonly keyId: string | null;
  /** Keyed hash of the end user; the user itself is never stored. */
  readonly userHash: string | null;
  readonly session: string | null;
  readonly feature: string | null;
  readonly route: string;
  readonly variant: string;
  readonly promptName: string | null;
  readonly promptVersion: string | null;
  /** Version of the routing table that chose the target. */
  readonly policyVersion: string;
  /** Why the routing table chose this target. */
  readonly routeReason: string;
  readonly operation: string;
  readonly provider: string;
  readonly region: string | null;
  readonly modelRequested: string | null;
  readonly modelServed: string | null;
  /** Model that the target is pinned to; null where it is pinned to none. */
  readonly modelPinned: string | null;
  readonly isStream: boolean;
  readonly systemPromptHash: string | null;
  readonly toolsHash: string | null;
  /** Nanoseconds since the Unix epoch. */
  readonly startedAtNs: bigint;
  /** From request to first content delta, not headers; null when nothing was streamed. */
  readonly ttftMs: number | null;
  readonly durationMs: number;
  /** The longest silence between two chunks of the answer; null when nothing was streamed. */
  readonly worstGapMs: number | null;
  readonly usage: Usage;
  /** JSON of the provider's usage object as it came; empty when none is known. */
  readonly rawUsage: string;
  /** Integer nano-dollars; null when no price is known. */
  readonly costNanos: bigint | null;
  /** What the losing attempts cost, in integer nano-dollars; null when not known. */
  readonly wasteNanos: bigint | null;
  /** `provider/model` of the price used; null when unpriced. */
  readonly priceId: string | null;
  readonly priceVersion: string | null;
  readonly outcome: Outcome;
  readonly errorType: string | null;
  readonly httpStatus: number | null;
  readonly finishReasons: readonly string[];
  readonly attempts: number;
  readonly isFallback: boolean;
  /** The gateway process that finished the call; null for calls of other origin. */
  readonly gatewayId: string | null;
  /** Position of the call among those that gateway process finished, from 1; null for calls of other origin. */
  readonly gatewaySeq: number | null;
  /**
   * What was measured of the question and the answer, by name and version such as `refusal@1`: numbers from 0, flags as 0 or 1,
   * and of a category 1 under its value, such as `language@1=en`. Empty when nothing was measured.
   */
  readonly measures: Measures;
  /** Which attribute vocabulary the span spoke. */
  readonly convention: string;
  readonly mapperVersion: string;
  readonly source: Source;
}

/** One try of one provider within a call. */
export interface Attempt {
  /** 16 hex characters: the id of the attempt's span. */
  readonly attemptId: string;
  readonly callId: string;
  readonly traceId: string;
  readonly tenant: string;
  readonly route: string;
  /** From 1. */
  readonly number: number;
  readonly provider: string;
  readonly target: string;
  readonly modelRequested: string | null;
  readonly modelServed: string | null;
  readonly startedAtNs: bigint;
  readonly ttftMs: number | null;
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly errorType: string | null;
  readonly httpStatus: number | null;
  readonly source: Source;
}

/** The text of a call, kept apart from its numbers; by policy it may be redacted. */
export interface Content {
  readonly callId: string;
  readonly traceId: string;
  readonly tenant: string;
  readonly route: string;
  readonly startedAtNs: bigint;
  readonly policy: "redacted" | "full";
  /** JSON of `gen_ai.input.messages`; null when not captured. */
  readonly inputMessages: string | null;
  /** JSON of `gen_ai.output.messages`; null when not captured. */
  readonly outputMessages: string | null;
  /** Bytes of text that were cut from both; 0 when they are whole. */
  readonly cutBytes: number;
  readonly source: Source;
}
