import { genAi, general, plumbline } from "../core/attributes.ts";
import type { Attempt, Call, Content, Source } from "../core/call.ts";
import type { Outcome } from "../core/outcomes.ts";
import { isOutcome } from "../core/outcomes.ts";
import { normaliseUsage, readRawUsage } from "./normalise-usage.ts";
import type { Attributes, OtlpSpan } from "./otlp-span.ts";
import { countOf, isTrue, numberOf, textOf, textsOf } from "./read-attribute.ts";

/** Version of this mapping, stored with every row, so that a mended mapping can be replayed over old spans. */
const mapperVersion = "1";

/** Operations that are one call to a model; wrappers such as `invoke_agent` repeat the sums of their children. */
const modelOperations: ReadonlySet<string> = new Set(["chat", "text_completion", "generate_content", "embeddings"]);

const statusError = 2;

/** What a span is in our tables. */
export type SpanRole = "call" | "attempt" | "other";

/** Tells logical calls, their attempts and all other spans apart. */
export const roleOf = (span: OtlpSpan): SpanRole => {
  const ours = textOf(span.attributes, plumbline.span);
  if (ours !== null) {
    return ours === "call" || ours === "attempt" ? ours : "other";
  }
  const operation = textOf(span.attributes, genAi.operationName);
  return operation !== null && modelOperations.has(operation) ? "call" : "other";
};

/** Maps a logical span to its call, not yet priced. Attributes that are missing or out of range become null. */
export const normaliseCall = (span: OtlpSpan, source: Source): Call => ({
  callId: span.spanId,
  traceId: span.traceId,
  ...identityOf(span),
  ...routingOf(span),
  ...modelOf(span.attributes),
  ...timesOf(span),
  ...endingOf(span),
  usage: normaliseUsage(span.attributes),
  rawUsage: readRawUsage(span.attributes),
  costNanos: null,
  wasteNanos: null,
  priceId: null,
  priceVersion: null,
  measures: {},
  source,
});

/** Maps an attempt's span to its row. */
export const normaliseAttempt = (span: OtlpSpan, source: Source): Attempt => ({
  attemptId: span.spanId,
  callId: span.parentSpanId,
  traceId: span.traceId,
  tenant: textOf(span.attributes, plumbline.tenant) ?? "default",
  route: textOf(span.attributes, plumbline.route) ?? "",
  number: countOf(span.attributes, plumbline.attempt) ?? 1,
  provider: textOf(span.attributes, genAi.providerName) ?? "unknown",
  target: textOf(span.attributes, plumbline.target) ?? "",
  modelRequested: textOf(span.attributes, genAi.requestModel),
  modelServed: textOf(span.attributes, genAi.responseModel),
  startedAtNs: span.startNs,
  ttftMs: ttftOf(span.attributes),
  durationMs: durationMsOf(span),
  outcome: outcomeOf(span),
  errorType: textOf(span.attributes, general.errorType),
  httpStatus: countOf(span.attributes, general.httpStatus),
  source,
});

/** The text of a call, or how much of it was cut, where its policy keeps any; null otherwise. */
export const contentOf = (span: OtlpSpan, call: Call): Content | null => {
  const policy = textOf(span.attributes, plumbline.contentPolicy);
  if (policy === "measures") {
    return null;
  }
  const inputMessages = textOf(span.attributes, genAi.inputMessages);
  const outputMessages = textOf(span.attributes, genAi.outputMessages);
  const cutBytes =
    (countOf(span.attributes, plumbline.inputCutBytes) ?? 0) +
    (countOf(span.attributes, plumbline.outputCutBytes) ?? 0);
  if (inputMessages === null && outputMessages === null && cutBytes === 0) {
    return null;
  }
  return {
    callId: call.callId,
    traceId: call.traceId,
    tenant: call.tenant,
    route: call.route,
    startedAtNs: call.startedAtNs,
    policy: policy === "redacted" ? "redacted" : "full",
    inputMessages,
    outputMessages,
    cutBytes,
    source: call.source,
  };
};

const identityOf = ({ attributes, resource }: OtlpSpan) => {
  const gatewaySeq = countOf(attributes, plumbline.gatewaySeq);
  return {
    tenant: textOf(attributes, plumbline.tenant) ?? "default",
    keyId: textOf(attributes, plumbline.keyId),
    userHash: textOf(attributes, plumbline.userHash),
    session: textOf(attributes, genAi.conversationId),
    feature: textOf(attributes, plumbline.feature),
    promptName: textOf(attributes, genAi.promptName),
    promptVersion: textOf(attributes, genAi.promptVersion),
    gatewayId: gatewaySeq === null ? null : textOf(resource, general.serviceInstanceId),
    gatewaySeq,
    convention: attributes.has(plumbline.span) ? "plumbline" : "gen_ai",
    mapperVersion,
  };
};

const routingOf = ({ attributes, resource }: OtlpSpan) => ({
  route: textOf(attributes, plumbline.route) ?? textOf(resource, general.serviceName) ?? "",
  variant: textOf(attributes, plumbline.variant) ?? "",
  policyVersion: textOf(attributes, plumbline.policyVersion) ?? "",
  routeReason: textOf(attributes, plumbline.routeReason) ?? "",
  attempts: countOf(attributes, plumbline.attempts) ?? 1,
  isFallback: isTrue(attributes, plumbline.isFallback),
});

const modelOf = (attributes: Attributes) => ({
  operation: textOf(attributes, genAi.operationName) ?? "chat",
  provider: textOf(attributes, genAi.providerName) ?? "unknown",
  region: textOf(attributes, plumbline.region),
  modelRequested: textOf(attributes, genAi.requestModel),
  modelServed: textOf(attributes, genAi.responseModel),
  modelPinned: textOf(attributes, plumbline.modelPinned),
  isStream: isTrue(attributes, genAi.requestStream),
  systemPromptHash: textOf(attributes, plumbline.systemPromptHash),
  toolsHash: textOf(attributes, plumbline.toolsHash),
});

const timesOf = (span: OtlpSpan) => ({
  startedAtNs: span.startNs,
  ttftMs: ttftOf(span.attributes),
  durationMs: durationMsOf(span),
  worstGapMs: numberOf(span.attributes, plumbline.worstGapMs),
});

const endingOf = (span: OtlpSpan) => ({
  outcome: outcomeOf(span),
  errorType: textOf(span.attributes, general.errorType),
  httpStatus: countOf(span.attributes, general.httpStatus),
  finishReasons: textsOf(span.attributes, genAi.finishReasons),
});

const outcomeOf = (span: OtlpSpan): Outcome => {
  const outcome = textOf(span.attributes, plumbline.outcome);
  if (isOutcome(outcome)) {
    return outcome;
  }
  return span.statusCode === statusError ? "provider_error" : "ok";
};

/** Our own attribute in milliseconds first; the convention's is in seconds. */
const ttftOf = (attributes: Attributes): number | null => {
  const seconds = numberOf(attributes, genAi.timeToFirstChunk);
  return numberOf(attributes, plumbline.ttftMs) ?? (seconds === null ? null : seconds * 1000);
};

/** Span clocks can step back; a negative duration is stored as 0 rather than as an enormous unsigned number. */
const durationMsOf = (span: OtlpSpan): number =>
  span.endNs > span.startNs ? Number(span.endNs - span.startNs) / 1e6 : 0;
