import { INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, onTestFinished, test } from "vitest";
import { putAttributes } from "../../../gateway/telemetry/put-attributes.ts";
import type { EndedSpan } from "../../../gateway/telemetry/tracer.ts";
import { startTracer } from "../../../gateway/telemetry/tracer.ts";

test("a span has what it would have had from the SDK's own function", async () => {
  const ended: EndedSpan[] = [];
  const tracing = startTracer({ gatewayId: "g", serviceVersion: "1", onEnd: (span) => ended.push(span) });
  onTestFinished(() => tracing.stop());
  const first = { text: "a", empty: "", count: 0, share: 0.5, isTrue: true, isFalse: false, none: undefined };
  const second = { text: "b", list: ["x", "y"], none: undefined };
  for (const put of [putAttributes, "own"] as const) {
    const span = tracing.tracer.startSpan("s", {}, ROOT_CONTEXT);
    for (const attributes of [first, second]) {
      if (put === "own") span.setAttributes(attributes);
      else put(span, attributes);
    }
    span.end();
  }
  const [ours, own] = ended;
  expect(Object.entries(ours?.attributes ?? {})).toEqual(Object.entries(own?.attributes ?? {}));
  expect(ours?.attributes).toEqual({
    ...{ text: "b", empty: "", count: 0, share: 0.5, isTrue: true, isFalse: false },
    list: ["x", "y"],
  });
  expect(ours?.droppedAttributesCount).toBe(0);
});

test("a span that records nothing takes them and keeps none", () => {
  const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  putAttributes(span, { a: 1 });
  expect(span.isRecording()).toBe(false);
});
