import type { Call } from "../../../core/call.ts";
import type { Outcome } from "../../../core/outcomes.ts";

/** What differs between the calls of a test. */
export interface SampleCall {
  readonly route: string;
  readonly model: string;
  readonly outcome: Outcome;
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  readonly ttftMs: number | null;
  readonly costNanos: bigint | null;
}

/** A complete call; `index` tells it from the others of its batch and is its place at the gateway. */
export const sampleCall = (index: number, given: SampleCall): Call => ({
  callId: index.toString(16).padStart(16, "0"),
  traceId: index.toString(16).padStart(32, "0"),
  tenant: "default",
  keyId: null,
  userHash: null,
  session: null,
  feature: null,
  route: given.route,
  variant: "main",
  promptName: null,
  promptVersion: null,
  policyVersion: "1",
  routeReason: "weights",
  operation: "chat",
  provider: "openai",
  region: null,
  modelRequested: given.model,
  modelServed: given.model,
  modelPinned: null,
  isStream: given.ttftMs !== null,
  systemPromptHash: null,
  toolsHash: null,
  startedAtNs: BigInt(given.startedAtMs) * 1_000_000n,
  ttftMs: given.ttftMs,
  durationMs: 1200,
  worstGapMs: null,
  usage: {
    inputTokens: 100,
    outputTokens: 40,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    parts: {},
    tier: null,
    source: "provider",
  },
  rawUsage: "",
  costNanos: given.costNanos,
  wasteNanos: null,
  priceId: given.costNanos === null ? null : `openai/${given.model}`,
  priceVersion: "1",
  outcome: given.outcome,
  errorType: given.outcome === "ok" ? null : "timeout",
  httpStatus: 200,
  finishReasons: ["stop"],
  attempts: 1,
  isFallback: false,
  gatewayId: "gateway-1",
  gatewaySeq: index,
  measures: { "answer_refusal_class@1=none": 1 },
  convention: "genai",
  mapperVersion: "1",
  source: { topic: "otlp_spans", partition: 0, offset: index, index: 0 },
});
