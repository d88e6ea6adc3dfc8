import type { Context, HrTime, Span } from "@opentelemetry/api";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { Clock } from "../../core/clock.ts";
import type { AttemptEnd, AttemptStart, CallStart, OpenAttempt } from "../call-recorder.ts";
import type { RecordedSpan } from "./encode-call.ts";
import { hrTimeAt } from "./hr-time.ts";
import { errorTypeOf, putAttempt } from "./span-attributes.ts";
import { formatTraceparent, formatTracestate } from "./trace-context.ts";
import type { RunningTracer } from "./tracer.ts";

/** Tells times that count monotonically from one reading of the wall clock, so that no attempt outlasts its call. */
export class CallTime {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #startMonotonicMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startMs = clock.nowMs();
    this.#startMonotonicMs = clock.monotonicMs();
  }

  now(): HrTime {
    return hrTimeAt(this.#startMs, this.#clock.monotonicMs() - this.#startMonotonicMs);
  }
}

/** What an attempt is recorded with. */
export interface AttemptParts {
  readonly tracing: Pick<RunningTracer, "tracer" | "endSpan">;
  readonly time: CallTime;
  readonly call: CallStart;
  /** That of the call's logical span. */
  readonly context: Context;
  /** Where the span goes when it has ended. */
  readonly ended: RecordedSpan[];
}

/** An attempt under way. */
export class RecordingAttempt implements OpenAttempt {
  readonly attemptId: string;
  readonly startedAt: HrTime;
  readonly traceparent: string;
  readonly tracestate: string | null;
  readonly #start: AttemptStart;
  readonly #parts: AttemptParts;
  readonly #span: Span;
  #isEnded = false;

  constructor(start: AttemptStart, parts: AttemptParts) {
    const { tracing, time, call, context } = parts;
    this.#start = start;
    this.#parts = parts;
    this.startedAt = time.now();
    const name = `${call.operation} ${start.model}`;
    this.#span = tracing.tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: this.startedAt }, context);
    const spanContext = this.#span.spanContext();
    this.attemptId = spanContext.spanId;
    this.traceparent = formatTraceparent(spanContext);
    this.tracestate = formatTracestate(spanContext);
  }

  get target(): string {
    return this.#start.target;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  end(end: AttemptEnd): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    const { tracing, time, call, ended } = this.#parts;
    const facts = { start: this.#start, call, end };
    const span = tracing.endSpan(withStatus(this.#span, end), time.now());
    ended.push({ span, putAttributes: (to) => putAttempt(to, facts) });
  }
}

/** The span with the status that goes with its end. */
export const withStatus = (span: Span, end: AttemptEnd): Span =>
  errorTypeOf(end) === null ? span : span.setStatus({ code: SpanStatusCode.ERROR });
