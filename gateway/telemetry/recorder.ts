import type { Attributes, Context, HrTime, Span, Tracer } from "@opentelemetry/api";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { noUsage } from "../../core/usage.ts";
import type {
  AttemptEnd,
  AttemptStart,
  CallEnd,
  CallRecorder,
  CallStart,
  OpenAttempt,
  OpenCall,
} from "../call-recorder.ts";
import type { CallCensus } from "../census/call-census.ts";
import type { BegunCalls, BegunSlot } from "./begun/begun-journal.ts";
import { hrTimeAt } from "./hr-time.ts";
import { putAttributes } from "./put-attributes.ts";
import {
  attemptEndAttributes,
  attemptStartAttributes,
  callEndAttributes,
  callStartAttributes,
  errorTypeOf,
} from "./span-attributes.ts";
import type { RecordedEnd } from "./spool-gate.ts";
import { callerContext, formatTraceparent, formatTracestate } from "./trace-context.ts";

/** What a recorder needs. */
export interface RecorderDeps {
  readonly tracer: Tracer;
  readonly clock: Clock;
  /** Where calls are counted when they end, whatever becomes of their records. */
  readonly census: CallCensus;
  /** Where calls are noted from their sending to their record. */
  readonly begun: BegunCalls;
  /** What of a call that ends is recorded. */
  readonly recordedEnd: (end: CallEnd) => RecordedEnd;
}

/** Makes a recorder whose finished spans go to the tracer's span processor. */
export const createRecorder = ({ clock, ...deps }: RecorderDeps): CallRecorder => ({
  start: (start) => openCall(start, { ...deps, now: callClock(clock) }),
});

interface CallDeps extends Omit<RecorderDeps, "clock"> {
  readonly now: () => HrTime;
}

/** All times of a call count monotonically from one reading of the wall clock, so that no attempt outlasts its call. */
const callClock = (clock: Clock): (() => HrTime) => {
  const startMs = clock.nowMs();
  const startMonotonicMs = clock.monotonicMs();
  return () => hrTimeAt(startMs, clock.monotonicMs() - startMonotonicMs);
};

const openCall = (start: CallStart, deps: CallDeps): OpenCall => {
  const { tracer, now, census, begun, recordedEnd } = deps;
  const parent = callerContext(start.traceparent, start.tracestate);
  const at = now();
  const name = `${start.operation} ${start.modelRequested}`;
  const span = startSpan({ tracer, parent, name, at }, callStartAttributes(start));
  const { traceId, spanId } = span.spanContext();
  const inCall = trace.setSpan(parent, span);
  const open = new Set<OpenAttempt>();
  let isEnded = false;
  let slot: BegunSlot = null;
  let firstTarget: string | null = null;
  return {
    callId: spanId,
    traceId,
    startAttempt: (attempt) => {
      if (isEnded) {
        throw new PlumblineError("gateway.internal", `call ${spanId} has ended: it can make no further attempt`);
      }
      const opened = openAttempt({ attempt, start, parent: inCall, deps, onEnd: () => open.delete(opened) });
      open.add(opened);
      firstTarget ??= attempt.target;
      const { attemptId, attemptAt } = opened;
      slot = begun.begin(
        { callId: spanId, traceId, startedAt: at, start, attemptId, attemptAt, attempt, firstTarget },
        slot,
      );
      return opened;
    },
    end: (end) => {
      if (isEnded) {
        return;
      }
      isEnded = true;
      for (const attempt of open) {
        attempt.end(cutShort(end));
      }
      // The store takes the minute of a call from the same start, so that both count it in the same one.
      const sequence = census.count({ startedAtS: at[0], tenant: start.tenant, route: start.route });
      endSpan(span, end, { attributes: callEndAttributes(recordedEnd(end), sequence), at: now() });
      // Only now: a call whose record could not be kept stays noted, so that it gets one later.
      begun.end(slot);
    },
  };
};

interface AttemptArgs {
  readonly attempt: AttemptStart;
  readonly start: CallStart;
  readonly parent: Context;
  readonly deps: CallDeps;
  readonly onEnd: () => void;
}

/** An attempt under way, with what is noted of it. */
interface NotedAttempt extends OpenAttempt {
  readonly attemptId: string;
  readonly attemptAt: HrTime;
}

const openAttempt = ({ attempt, start, parent, deps, onEnd }: AttemptArgs): NotedAttempt => {
  const { tracer, now } = deps;
  const name = `${start.operation} ${attempt.model}`;
  const attemptAt = now();
  const span = startSpan({ tracer, parent, name, at: attemptAt }, attemptStartAttributes(attempt, start));
  const spanContext = span.spanContext();
  let isEnded = false;
  return {
    attemptId: spanContext.spanId,
    attemptAt,
    traceparent: formatTraceparent(spanContext),
    tracestate: formatTracestate(spanContext),
    end: (end) => {
      if (isEnded) {
        return;
      }
      isEnded = true;
      onEnd();
      endSpan(span, end, { attributes: attemptEndAttributes(end), at: now() });
    },
  };
};

/** How an attempt ended that was still under way when its call ended. */
const cutShort = (end: CallEnd): AttemptEnd => ({
  outcome: end.outcome,
  errorType: end.errorType,
  httpStatus: null,
  modelServed: null,
  responseId: null,
  ttftMs: null,
  usage: noUsage,
});

interface SpanArgs {
  readonly tracer: Tracer;
  readonly parent: Context;
  readonly name: string;
  readonly at: HrTime;
}

const startSpan = ({ tracer, parent, name, at }: SpanArgs, attributes: Attributes): Span => {
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: at }, parent);
  putAttributes(span, attributes);
  return span;
};

const endSpan = (span: Span, end: AttemptEnd, last: { readonly attributes: Attributes; readonly at: HrTime }): void => {
  putAttributes(span, last.attributes);
  if (errorTypeOf(end) !== null) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(last.at);
};
