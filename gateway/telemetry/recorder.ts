import type { Context, HrTime, Span } from "@opentelemetry/api";
import { SpanKind, trace } from "@opentelemetry/api";
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
import type { RecordedSpan } from "./encode-call.ts";
import { CallTime, RecordingAttempt, withStatus } from "./recording-attempt.ts";
import { putCall } from "./span-attributes.ts";
import type { RecordedEnd } from "./spool-gate.ts";
import { callerContext } from "./trace-context.ts";
import type { RunningTracer } from "./tracer.ts";

/** What a recorder needs. */
export interface RecorderDeps {
  readonly tracing: Pick<RunningTracer, "tracer" | "endSpan">;
  readonly clock: Clock;
  /** Where calls are counted when they end, whatever becomes of their records. */
  readonly census: CallCensus;
  /** Where calls are noted from their sending to their record. */
  readonly begun: BegunCalls;
  /** What of a call that ends is recorded. */
  readonly recordedEnd: (end: CallEnd) => RecordedEnd;
  /** Takes the record of a call that has ended; false when it is one of those that are not kept. */
  readonly keep: (call: RecordedCall) => boolean;
}

/** The record of a call. */
export interface RecordedCall {
  readonly tenant: string;
  /** The logical span first, then those of its attempts, as they ended. */
  readonly spans: readonly RecordedSpan[];
}

/** Makes a recorder; the record of each call is handed on before its `end` returns. */
export const createRecorder = (deps: RecorderDeps): CallRecorder => ({
  start: (start) => new RecordingCall(start, deps),
});

/** A call under way. */
class RecordingCall implements OpenCall {
  readonly callId: string;
  readonly traceId: string;
  readonly #start: CallStart;
  readonly #deps: RecorderDeps;
  readonly #time: CallTime;
  readonly #startedAt: HrTime;
  readonly #span: Span;
  readonly #context: Context;
  readonly #attempts: RecordingAttempt[] = [];
  readonly #ended: RecordedSpan[] = [];
  #isEnded = false;
  #slot: BegunSlot = null;

  constructor(start: CallStart, deps: RecorderDeps) {
    const parent = callerContext(start.traceparent, start.tracestate);
    this.#start = start;
    this.#deps = deps;
    this.#time = new CallTime(deps.clock);
    this.#startedAt = this.#time.now();
    const name = `${start.operation} ${start.modelRequested}`;
    this.#span = deps.tracing.tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: this.#startedAt }, parent);
    const { traceId, spanId } = this.#span.spanContext();
    this.callId = spanId;
    this.traceId = traceId;
    this.#context = trace.setSpan(parent, this.#span);
  }

  startAttempt(attempt: AttemptStart): OpenAttempt {
    if (this.#isEnded) {
      throw new PlumblineError("gateway.internal", `call ${this.callId} has ended: it can make no further attempt`);
    }
    const opened = new RecordingAttempt(attempt, {
      tracing: this.#deps.tracing,
      time: this.#time,
      call: this.#start,
      context: this.#context,
      ended: this.#ended,
    });
    this.#attempts.push(opened);
    this.#slot = this.#deps.begun.begin(
      {
        callId: this.callId,
        traceId: this.traceId,
        startedAt: this.#startedAt,
        start: this.#start,
        attemptId: opened.attemptId,
        attemptAt: opened.startedAt,
        attempt,
        firstTarget: this.#attempts[0]?.target ?? attempt.target,
      },
      this.#slot,
    );
    return opened;
  }

  end(end: CallEnd): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    for (const attempt of this.#attempts) {
      if (!attempt.isEnded) attempt.end(cutShort(end));
    }
    const { census, begun, recordedEnd, keep, tracing } = this.#deps;
    const { tenant, route } = this.#start;
    // The store takes the minute of a call from the same start, so that both count it in the same one.
    const gatewaySeq = census.count({ startedAtS: this.#startedAt[0], tenant, route });
    const facts = { start: this.#start, recorded: recordedEnd(end), gatewaySeq };
    const span = tracing.endSpan(withStatus(this.#span, end), this.#time.now());
    const isKept = keep({ tenant, spans: [{ span, putAttributes: (to) => putCall(to, facts) }, ...this.#ended] });
    // Only now: a call whose record could not be kept stays noted, so that it gets one later.
    if (isKept) begun.end(this.#slot);
    else begun.drop(this.#slot);
  }
}

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
