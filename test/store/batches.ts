import type { Attempt, Call, Content, Source } from "../../core/call.ts";
import type { Span } from "../../core/span.ts";
import { EmbeddingSums } from "../../processors/embedding-sums.ts";
import type { Batch } from "../../store/store.ts";

/** 2026-01-05T00:00:00Z, a Monday and so the start of a partition, in milliseconds. */
export const mondayMs = Date.UTC(2026, 0, 5);

/** Retention under which nothing expires: the engine has a clock of its own, and the calls of tests have fixed times. */
export const keptForEver = {
  calls: 0,
  contents: 0,
  rollups: 0,
  measures: 0,
  embeddings: 0,
  feedback: 0,
  reports: 0,
  audit: 0,
  traces: 0,
} as const;

/** Calls of a batch of the program that is killed. */
export const callsPerBatch = 200;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** Where the record at `offset` of partition 0 was read from. */
const sourceAt = (offset: number, index = 0): Source => ({ topic: "otlp_spans", partition: 0, offset, index });

/** A call with every field known, that started `offset` seconds after `mondayMs`. */
export const callAt = (offset: number, fields: Partial<Call> = {}): Call => ({
  callId: hex(offset + 1, 16),
  traceId: hex(offset + 1, 32),
  tenant: "acme",
  keyId: "key-1",
  userHash: "u1",
  session: "s1",
  feature: "search",
  route: "chat",
  variant: "openai/gpt-4o",
  promptName: "greeting",
  promptVersion: "2",
  policyVersion: "7",
  routeReason: "weights",
  operation: "chat",
  provider: "openai",
  region: "eu",
  modelRequested: "gpt-4o",
  modelServed: "gpt-4o-2024-08-06",
  modelPinned: null,
  isStream: true,
  systemPromptHash: "h1",
  toolsHash: "h2",
  startedAtNs: BigInt(mondayMs) * 1_000_000n + BigInt(offset) * 1_000_000_000n + 123_456_789n,
  ttftMs: 250.5,
  durationMs: 1_000.25,
  worstGapMs: 30.5,
  usage: {
    inputTokens: 100,
    outputTokens: 50,
    cacheReadTokens: 10,
    cacheWriteTokens: 5,
    reasoningTokens: 20,
    parts: { inputAudio: 30, cacheWrite1h: 2 },
    tier: "flex",
    source: "provider",
  },
  rawUsage: '{"prompt_tokens":100}',
  costNanos: 1_234_567n,
  wasteNanos: 0n,
  priceId: "openai/gpt-4o",
  priceVersion: "2026-01",
  outcome: "ok",
  errorType: null,
  httpStatus: 200,
  finishReasons: ["stop"],
  attempts: 1,
  isFallback: false,
  gatewayId: "gateway-1",
  gatewaySeq: offset + 1,
  measures: { "answer_tokens@1": 50, "refusal@1": offset % 2, "language@1=en": 1 },
  convention: "otel",
  mapperVersion: "1",
  source: sourceAt(offset),
  ...fields,
});

/** The one attempt of a call. */
const attemptOf = (call: Call): Attempt => ({
  attemptId: call.callId.replace(/^0/, "a"),
  callId: call.callId,
  traceId: call.traceId,
  tenant: call.tenant,
  route: call.route,
  number: 1,
  provider: call.provider,
  target: "openai/gpt-4o",
  modelRequested: call.modelRequested,
  modelServed: call.modelServed,
  startedAtNs: call.startedAtNs,
  ttftMs: call.ttftMs,
  durationMs: call.durationMs,
  outcome: call.outcome,
  errorType: call.errorType,
  httpStatus: call.httpStatus,
  source: { ...call.source, index: 1 },
});

const contentOf = (call: Call): Content => ({
  callId: call.callId,
  traceId: call.traceId,
  tenant: call.tenant,
  route: call.route,
  startedAtNs: call.startedAtNs,
  policy: "redacted",
  inputMessages: '[{"role":"user"}]',
  outputMessages: null,
  cutBytes: 0,
  source: call.source,
});

const spanOf = (call: Call): Span => ({
  traceId: call.traceId,
  spanId: call.callId,
  parentSpanId: "",
  traceState: "",
  name: "chat gpt-4o",
  kind: "Client",
  serviceName: "plumbline-gateway",
  resourceAttributes: { "service.name": "plumbline-gateway" },
  scopeName: "plumbline",
  scopeVersion: "1",
  attributes: { "gen_ai.request.model": "gpt-4o", quote: 'it\'s "quoted" \\ \n' },
  startedAtNs: call.startedAtNs,
  durationNs: 1_000_250_000n,
  statusCode: "Ok",
  statusMessage: "",
  events: [{ atNs: call.startedAtNs + 1n, name: "first", attributes: { a: "b" } }],
  links: [{ traceId: call.traceId, spanId: call.callId, traceState: "", attributes: {} }],
  source: call.source,
});

/** Places of the vectors; few, so that what they add up to can be read. */
const places = 4;

/** The embedding of a call's answer: another for every offset. */
const vectorOf = ({ source }: Call): Float32Array =>
  Float32Array.from({ length: places }, (_, place) => Math.sin(source.offset * places + place) / 2);

/** The batch of some calls, each with its attempt, text and span; offsets are those of the calls' sources. */
export const batchOf = (calls: readonly Call[]): Batch => {
  const offsets = calls.map((call) => call.source.offset);
  const embeddings = new EmbeddingSums({ topic: "otlp_spans", partition: 0, start: Math.min(...offsets) });
  for (const call of calls) {
    embeddings.add(call, vectorOf(call));
  }
  return {
    topic: "otlp_spans",
    partition: 0,
    start: Math.min(...offsets),
    end: Math.max(...offsets) + 1,
    calls,
    attempts: calls.map(attemptOf),
    contents: calls.map(contentOf),
    spans: calls.map(spanOf),
    embeddings: embeddings.all(),
  };
};

/** The same records as if they had come from another partition. */
export const inPartition = (batch: Batch, partition: number): Batch => {
  const moved = <T extends { readonly source: Source }>(each: T): T => ({
    ...each,
    source: { ...each.source, partition },
  });
  return {
    ...batch,
    partition,
    calls: batch.calls.map(moved),
    attempts: batch.attempts.map(moved),
    contents: batch.contents.map(moved),
    spans: batch.spans.map(moved),
    embeddings: batch.embeddings.map(moved),
  };
};

/** A batch of `count` calls from offset `start` on. */
export const batchFrom = (start: number, count: number, fields: Partial<Call> = {}): Batch =>
  batchOf(Array.from({ length: count }, (_, index) => callAt(start + index, fields)));
