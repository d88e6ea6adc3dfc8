import type { Attempt, Call, Content, Source } from "../core/call.ts";
import type { EmbeddingSum } from "../core/embedding-sum.ts";
import type { Span, SpanEvent, SpanLink } from "../core/span.ts";
import type { Usage } from "../core/usage.ts";
import type { BaseTableName } from "./catalogue.ts";
import {
  countCell,
  durationCell,
  minuteCell,
  msCell,
  nanosCell,
  smallCell,
  smallOrNullCell,
  timeCell,
} from "./cells.ts";
import type { Batch } from "./store.ts";

/** A value of a row. Times are whole numbers in the unit of their column, milliseconds or nanoseconds since the Unix epoch. */
export type Cell =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Cell[]
  | Readonly<Record<string, string | number>>;

/** A row in the order of the catalogue's columns. */
export type Row = readonly Cell[];

/** Rows of each table that batches are inserted into. */
export type RowsByTable = Readonly<Record<BaseTableName, readonly Row[]>>;

/** Maps a batch to its rows; `ingestedAtMs` is milliseconds since the Unix epoch. */
export const rowsOfBatch = (batch: Batch, ingestedAtMs: number): RowsByTable => ({
  calls: batch.calls.map((call) => callRow(call, ingestedAtMs)),
  attempts: batch.attempts.map(attemptRow),
  contents: batch.contents.map(contentRow),
  otel_traces: batch.spans.map(spanRow),
  embedding_sums: batch.embeddings.map((sum) => embeddingRow(sum, ingestedAtMs)),
});

const callRow = (call: Call, ingestedAtMs: number): Row => [
  call.tenant,
  minuteCell(call.startedAtNs),
  timeCell(call.startedAtNs),
  call.callId,
  call.traceId,
  call.keyId,
  call.userHash,
  call.session,
  call.feature,
  call.route,
  call.variant,
  call.promptName,
  call.promptVersion,
  call.policyVersion,
  call.routeReason,
  call.operation,
  call.provider,
  call.region,
  call.modelRequested,
  call.modelServed,
  call.modelPinned,
  call.isStream,
  call.systemPromptHash,
  call.toolsHash,
  call.ttftMs,
  durationCell(call.durationMs),
  call.worstGapMs,
  ...usageCells(call.usage),
  call.rawUsage,
  nanosCell(call.costNanos),
  nanosCell(call.wasteNanos),
  call.priceId,
  call.priceVersion,
  call.outcome,
  call.errorType,
  smallOrNullCell(call.httpStatus),
  call.finishReasons,
  smallCell(call.attempts),
  call.isFallback,
  call.gatewayId,
  countCell(call.gatewaySeq),
  call.measures,
  call.convention,
  call.mapperVersion,
  ...sourceCells(call.source),
  msCell(ingestedAtMs),
];

const usageCells = (usage: Usage): Row => [
  countCell(usage.inputTokens),
  countCell(usage.outputTokens),
  countCell(usage.cacheReadTokens),
  countCell(usage.cacheWriteTokens),
  countCell(usage.reasoningTokens),
  usage.source,
  usage.parts,
  usage.tier,
];

const attemptRow = (attempt: Attempt): Row => [
  attempt.tenant,
  minuteCell(attempt.startedAtNs),
  timeCell(attempt.startedAtNs),
  attempt.attemptId,
  attempt.callId,
  attempt.traceId,
  attempt.route,
  smallCell(attempt.number),
  attempt.provider,
  attempt.target,
  attempt.modelRequested,
  attempt.modelServed,
  attempt.ttftMs,
  durationCell(attempt.durationMs),
  attempt.outcome,
  attempt.errorType,
  smallOrNullCell(attempt.httpStatus),
  ...sourceCells(attempt.source),
];

const contentRow = (content: Content): Row => [
  content.tenant,
  minuteCell(content.startedAtNs),
  content.callId,
  content.traceId,
  content.route,
  content.policy,
  content.inputMessages,
  content.outputMessages,
  countCell(content.cutBytes),
  ...sourceCells(content.source),
];

const spanRow = (span: Span): Row => [
  timeCell(span.startedAtNs),
  span.traceId,
  span.spanId,
  span.parentSpanId,
  span.traceState,
  span.name,
  span.kind,
  span.serviceName,
  span.resourceAttributes,
  span.scopeName,
  span.scopeVersion,
  span.attributes,
  BigInt.asUintN(64, span.durationNs),
  span.statusCode,
  span.statusMessage,
  ...eventCells(span.events),
  ...linkCells(span.links),
  ...sourceCells(span.source),
];

const embeddingRow = (sum: EmbeddingSum, ingestedAtMs: number): Row => [
  sum.tenant,
  minuteCell(BigInt(sum.minuteSeconds) * 1_000_000_000n),
  sum.route,
  sum.variant,
  sum.model,
  sum.measure,
  sum.prompt,
  sum.isShadow,
  sum.n,
  sum.sums,
  sum.squares,
  ...sourceCells(sum.source),
  msCell(ingestedAtMs),
];

const eventCells = (events: readonly SpanEvent[]): Row => [
  events.map((event) => timeCell(event.atNs)),
  events.map((event) => event.name),
  events.map((event) => event.attributes),
];

const linkCells = (links: readonly SpanLink[]): Row => [
  links.map((link) => link.traceId),
  links.map((link) => link.spanId),
  links.map((link) => link.traceState),
  links.map((link) => link.attributes),
];

const sourceCells = ({ topic, partition, offset, index }: Source): Row => [topic, partition, offset, index];
