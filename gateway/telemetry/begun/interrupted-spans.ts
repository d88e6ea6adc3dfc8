import type { HrTime, SpanContext } from "@opentelemetry/api";
import { SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { noUsage } from "../../../core/usage.ts";
import type { AttemptEnd, CallEnd } from "../../call-recorder.ts";
import type { RecordedSpan, SpanFacts } from "../encode-call.ts";
import { putAttempt, putCall } from "../span-attributes.ts";
import { callerContext } from "../trace-context.ts";
import type { BegunCall } from "./begun-call.ts";
import type { InterruptedCall } from "./interrupted-calls.ts";

/** Until when the gateway whose calls they were is known to have worked. */
export interface InterruptedArgs {
  /** Seconds since the Unix epoch, and nanoseconds. */
  readonly endedAt: HrTime;
}

/** Makes the spans of interrupted calls, the logical one first: all that was known when a call was sent, and no usage. */
export const interruptedSpans =
  ({ endedAt }: InterruptedArgs): ((interrupted: InterruptedCall) => readonly RecordedSpan[]) =>
  ({ call, gatewaySeq }) => {
    const { start, attempt, traceId } = call;
    const parent = trace.getSpanContext(callerContext(start.traceparent, start.tracestate)) ?? null;
    const traceState = parent?.traceState === undefined ? {} : { traceState: parent.traceState };
    const contextOf = (spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED, ...traceState });
    const { provider, serverAddress, serverPort } = attempt;
    const logical = contextOf(call.callId);
    const name = `${start.operation} ${start.modelRequested}`;
    const facts = {
      // A call that went on after a lost attempt names who was asked last.
      start: { ...start, provider, serverAddress, serverPort },
      recorded: { end: endOf(call), contentShed: null },
      gatewaySeq,
    };
    return [
      {
        span: spanOf({ name, context: logical, parent, startedAt: call.startedAt, endedAt }),
        putAttributes: (to) => putCall(to, facts),
      },
      {
        span: spanOf({
          name: `${start.operation} ${attempt.model}`,
          context: contextOf(call.attemptId),
          parent: logical,
          startedAt: call.attemptAt,
          endedAt,
        }),
        putAttributes: (to) => putAttempt(to, { start: attempt, call: start, end: attemptEnd }),
      },
    ];
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
  readonly endedAt: HrTime;
}

const spanOf = ({ name, context, parent, startedAt, endedAt }: SpanParts): SpanFacts => ({
  name,
  kind: SpanKind.CLIENT,
  spanContext: () => context,
  ...(parent === null ? {} : { parentSpanContext: parent }),
  startTime: startedAt,
  endTime: laterOf(startedAt, endedAt),
  status: { code: SpanStatusCode.ERROR },
});

/** The gateway may have written nothing since, and its disk may have another clock. */
const laterOf = (a: HrTime, b: HrTime): HrTime => (b[0] > a[0] || (b[0] === a[0] && b[1] > a[1]) ? b : a);
