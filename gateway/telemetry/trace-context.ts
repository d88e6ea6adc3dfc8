import type { Context, SpanContext } from "@opentelemetry/api";
import { createTraceState, ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Context of the span that a caller's W3C headers name; the root context, which starts a new trace, when they name none. */
export const callerContext = (traceparent: string | null, tracestate: string | null): Context => {
  const remote = traceparent === null ? null : parseTraceparent(traceparent);
  if (remote === null) {
    return ROOT_CONTEXT;
  }
  const traceState = tracestate === null ? {} : { traceState: createTraceState(tracestate) };
  return trace.setSpanContext(ROOT_CONTEXT, { ...remote, ...traceState, isRemote: true });
};

/** The trace that a caller's `traceparent` names, as 32 hex characters; null when it names none. */
export const callerTraceId = (traceparent: string | null): string | null =>
  traceparent === null ? null : (parseTraceparent(traceparent)?.traceId ?? null);

/** The W3C `traceparent` that makes the next service's span a child of this one. */
export const formatTraceparent = (span: SpanContext): string =>
  `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;

/** The W3C `tracestate` that goes with it; null when there is none. */
export const formatTracestate = (span: SpanContext): string | null => span.traceState?.serialize() || null;

/** W3C Trace Context: version ff and all-zero ids are invalid, and only versions after 00 may have further fields. */
const parseTraceparent = (header: string): SpanContext | null => {
  const [, version, traceId, spanId, flags, rest] = traceparentPattern.exec(header.trim()) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) {
    return null;
  }
  const isBadVersion = version === "ff" || (version === "00" && rest !== undefined);
  if (isBadVersion || /^0+$/.test(traceId) || /^0+$/.test(spanId)) {
    return null;
  }
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED };
};
