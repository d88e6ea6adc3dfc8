import { plumbline } from "../../core/attributes.ts";
import type { EndedSpan } from "./tracer.ts";

/**
 * Puts the spans of a call together: attempts are kept until their call ends, then all go to `onCall`, the logical span
 * first. Attempts must end before their call.
 */
export const collectCalls = (onCall: (spans: EndedSpan[]) => void): ((span: EndedSpan) => void) => {
  const attempts = new Map<string, EndedSpan[]>();
  return (span) => {
    if (span.attributes[plumbline.span] === "call") {
      const { spanId } = span.spanContext();
      const ended = attempts.get(spanId) ?? [];
      attempts.delete(spanId);
      onCall([span, ...ended]);
      return;
    }
    const callId = span.parentSpanContext?.spanId;
    if (callId === undefined) {
      return;
    }
    const ended = attempts.get(callId);
    if (ended === undefined) {
      attempts.set(callId, [span]);
    } else {
      ended.push(span);
    }
  };
};
