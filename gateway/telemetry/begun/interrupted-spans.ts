import type { Attributes, HrTime, SpanContext } from "@opentelemetry/api";
import { SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { noUsage } from "../../../core/usage.ts";
import type { AttemptEnd, CallEnd } from "../../call-recorder.ts";
import {
  attemptEndAttributes,
  attemptStartAttributes,
  callEndAttributes,
  callStartAttributes,
} from "../span-attributes.ts";
import { callerContext } from "../trace-context.ts";
import type { EndedSpan } from "../tracer.ts";
import { resourceAttributes, serviceName } from "../tracer.ts";
import type { BegunCall } from "./begun-call.ts";
import type { InterruptedCall } from "./interrupted-calls.ts";

/** Whose calls they were, and until when that gateway is known to have worked. */
export interface InterruptedArgs {
  readonly gatewayId: string;
  readonly serviceVersion: string;
  /** Seconds since the Unix epoch, and nanoseconds. */
  readonly endedAt: HrTime;
}

/** Makes the spans of interrupted calls, the logical one first: all that was known when a call was sent, and no usage. */
export const interruptedSpans = (args: InterruptedArgs): ((interrupted: InterruptedCall) => EndedSpan[]) => {
  const spanOf = endedSpanOf(args);
  return ({ call, gatewaySeq }) => {
    const { start, attempt, traceId } = call;
    const parent = trace.getSpanContext(callerContext(start.traceparent, start.tracestate)) ?? null;
    const traceState = parent?.traceState === undefined ? {} : { traceState: parent.traceState };
    const contextOf = (spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED, ...traceState });
    const { provider, serverAddress, serverPort } = attempt;
    // A call that went on after a lost attempt names who was asked last.
    const asked = callStartAttributes({ ...start, provider, serverAddress, serverPort });
    const logical = contextOf(call.callId);
    return [
      spanOf({
        name: `${start.operation} ${start.modelRequested}`,
        context: logical,
        parent,
        startedAt: call.startedAt,
        attributes: { ...asked, ...callEndAttributes({ end: endOf(call), contentShed: null }, gatewaySeq) },
      }),
      spanOf({
        name: `${start.operation} ${attempt.model}`,
        context: contextOf(call.attemptId),
        parent: logical,
        startedAt: call.attemptAt,
        attributes: { ...attemptStartAttributes(attempt, start), ...attemptEndAttributes(attemptEnd) },
      }),
    ];
  };
};

const attemptEnd: AttemptEnd = {
  outcome: "interrupted",
  errorType: "gateway_killed",
  httpStatus: null,
  modelServed: null,
  responseId: null,
  ttftMs: null,
  usage: noUsage,
};

const endOf = ({ attempt, firstTarget }: BegunCall): CallEnd => ({
  ...attemptEnd,
  worstGapMs: null,
  rawUsage: "",
  region: null,
  finishReasons: [],
  attempts: attempt.number,
  isFallback: attempt.target !== firstTarget,
  moves: null,
  contentPolicy: "none",
  inputMessages: null,
  outputMessages: null,
  inputCutBytes: 0,
  outputCutBytes: 0,
});

interface SpanParts {
  readonly name: string;
  readonly context: SpanContext;
  readonly parent: SpanContext | null;
  readonly startedAt: HrTime;
  readonly attributes: Attributes;
}

const endedSpanOf = ({ endedAt, ...process }: InterruptedArgs): ((parts: SpanParts) => EndedSpan) => {
  const resource = resourceFromAttributes(resourceAttributes(process));
  const instrumentationScope = { name: serviceName, version: process.serviceVersion };
  return ({ name, context, parent, startedAt, attributes }) => ({
    name,
    kind: SpanKind.CLIENT,
    spanContext: () => context,
    ...(parent === null ? {} : { parentSpanContext: parent }),
    startTime: startedAt,
    endTime: laterOf(startedAt, endedAt),
    duration: [0, 0],
    ended: true,
    status: { code: SpanStatusCode.ERROR },
    // As the SDK does, what is undefined is left out.
    attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)),
    links: [],
    events: [],
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
};

/** The gateway may have written nothing since, and its disk may have another clock. */
const laterOf = (a: HrTime, b: HrTime): HrTime => (b[0] > a[0] || (b[0] === a[0] && b[1] > a[1]) ? b : a);
