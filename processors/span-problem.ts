import type { OtlpSpan } from "./otlp-span.ts";

/** Last second that the columns of minutes can hold, 2106-02-07T06:28:15Z, in nanoseconds. */
const latestNs = 4_294_967_295_000_000_000n;

/** Why a span cannot be stored; null when it can. */
export const problemOf = (span: OtlpSpan): string | null => {
  if (span.traceId.length !== 32 || span.spanId.length !== 16) {
    return "trace id or span id of the wrong length";
  }
  if (span.parentSpanId.length !== 0 && span.parentSpanId.length !== 16) {
    return "parent span id of the wrong length";
  }
  if (span.startNs === 0n || span.startNs > latestNs || span.endNs > latestNs) {
    return "no start time, or a time that cannot be stored";
  }
  return null;
};
