import type { ContentPolicy, Outcome } from "../core/outcomes.ts";
import type { Usage } from "../core/usage.ts";
import type { WastedTokens } from "../core/waste.ts";

/** What is known of a call when it starts. */
export interface CallStart {
  /** W3C `traceparent` of the caller; null or an invalid one starts a new trace. */
  readonly traceparent: string | null;
  /** W3C `tracestate` of the caller. */
  readonly tracestate: string | null;
  /** Value of `gen_ai.operation.name`. */
  readonly operation: "chat" | "embeddings";
  readonly tenant: string;
  /** Id of the virtual key that the caller showed; null where none is asked for. */
  readonly keyId: string | null;
  readonly userHash: string | null;
  readonly session: string | null;
  readonly feature: string | null;
  readonly route: string;
  readonly variant: string;
  readonly routeReason: string;
  readonly policyVersion: string;
  readonly provider: string;
  readonly modelRequested: string;
  /** Model that must answer; null pins none. */
  readonly modelPinned: string | null;
  readonly isStream: boolean;
  readonly maxTokens: number | null;
  /** `maxTokens` where it was the gateway that set it; null when the caller did, or nobody. */
  readonly imposedMaxTokens: number | null;
  readonly temperature: number | null;
  readonly systemPromptHash: string | null;
  readonly toolsHash: string | null;
  readonly serverAddress: string | null;
  readonly serverPort: number | null;
}

/** What is known of an attempt when it starts. */
export interface AttemptStart {
  /** From 1. */
  readonly number: number;
  readonly provider: string;
  /** `provider/model` of the configuration. */
  readonly target: string;
  readonly model: string;
  /** Name of the provider's key that it is sent with; null where the provider has no several. */
  readonly providerKey: string | null;
  readonly serverAddress: string | null;
  readonly serverPort: number | null;
}

/** How an attempt ended. Times are milliseconds from the start of the call or attempt they describe. */
export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly errorType: string | null;
  readonly httpStatus: number | null;
  readonly modelServed: string | null;
  readonly responseId: string | null;
  readonly ttftMs: number | null;
  readonly usage: Usage;
}

/** How a call went on when an attempt was lost, or when it could not begin where it was meant to. */
export interface CallMoves {
  /** Whether the last attempt went to another target than the one that was picked. */
  readonly isFallback: boolean;
  /** Takes the place of the reason that was known at the start. */
  readonly routeReason: string;
  /** Who was asked last; these take the place of what was known at the start. */
  readonly provider: string;
  readonly serverAddress: string | null;
  readonly serverPort: number | null;
  /** What lost attempts used; those that used nothing are left out. */
  readonly wasted: readonly WastedTokens[];
}

/** How a call ended. */
export interface CallEnd extends AttemptEnd {
  readonly worstGapMs: number | null;
  /** JSON of the provider's usage object; empty when it sent none. */
  readonly rawUsage: string;
  readonly finishReasons: readonly string[];
  readonly attempts: number;
  readonly isFallback: boolean;
  /** Where the target answers that was asked last; null where that is not known, or none was. */
  readonly region: string | null;
  /** What came of lost attempts; null when there were none, and the call went where it was meant to. */
  readonly moves: CallMoves | null;
  readonly contentPolicy: ContentPolicy;
  /** JSON in the shape of `gen_ai.input.messages`, already redacted by policy; null when the policy keeps no text. */
  readonly inputMessages: string | null;
  readonly outputMessages: string | null;
  /** Bytes of text left out of the input messages; 0 when they are whole or not kept at all. */
  readonly inputCutBytes: number;
  readonly outputCutBytes: number;
}

/** An attempt under way. */
export interface OpenAttempt {
  /** The `traceparent` to send to the provider. */
  readonly traceparent: string;
  /** The `tracestate` to send to the provider; null when there is none. */
  readonly tracestate: string | null;
  readonly end: (end: AttemptEnd) => void;
}

/** A call under way. */
export interface OpenCall {
  /** 16 hex characters. */
  readonly callId: string;
  /** 32 hex characters. */
  readonly traceId: string;
  readonly startAttempt: (start: AttemptStart) => OpenAttempt;
  /**
   * Ends the call. When this returns, its record is in the local spool and survives a kill of the process: call it before
   * the caller is sent the last byte. Calling it again changes nothing.
   */
  readonly end: (end: CallEnd) => void;
}

/** Records every call as one logical span with a child span for each attempt. */
export interface CallRecorder {
  readonly start: (start: CallStart) => OpenCall;
}
