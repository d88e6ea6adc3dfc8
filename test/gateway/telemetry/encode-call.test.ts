import type { Attributes } from "@opentelemetry/api";
import { SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createEncodeCall } from "../../../gateway/telemetry/encode-call.ts";
import { callerContext } from "../../../gateway/telemetry/trace-context.ts";
import type { EndedSpan } from "../../../gateway/telemetry/tracer.ts";
import { startTracer } from "../../../gateway/telemetry/tracer.ts";

const ended: EndedSpan[] = [];
const { tracer, stop } = startTracer({
  gatewayId: "gateway-𠮷",
  serviceVersion: "1.2.3",
  onEnd: (span) => ended.push(span),
});
afterAll(() => stop());

const encodeCall = createEncodeCall();

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.string({ minLength: 40, maxLength: 60 }),
);
const number = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.integer(),
  fc.constantFrom(0, -0, 127, 128, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53),
);
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
  fc.oneof(text, number, fc.boolean(), fc.array(text), fc.array(number), fc.array(fc.boolean())),
  { maxKeys: 12, noNullPrototype: true },
);

interface GivenCall {
  readonly name: string;
  readonly attributes: readonly Attributes[];
  readonly kind: SpanKind;
  readonly hasFailed: boolean;
  readonly message: string | undefined;
  readonly startMs: number;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

const call: fc.Arbitrary<GivenCall> = fc.record({
  name: text,
  attributes: fc.array(attributes, { minLength: 1, maxLength: 3 }),
  kind: fc.constantFrom(SpanKind.CLIENT, SpanKind.INTERNAL, SpanKind.SERVER),
  hasFailed: fc.boolean(),
  message: fc.option(text, { nil: undefined }),
  startMs: fc.nat(2 ** 41),
  traceparent: fc.constantFrom(null, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
  tracestate: fc.constantFrom(null, "vendor=a,other=b"),
});

/** The ended spans of a call and its attempts. */
const spansOf = (given: GivenCall): EndedSpan[] => {
  ended.length = 0;
  const parent = callerContext(given.traceparent, given.tracestate);
  const [own = {}, ...attempts] = given.attributes;
  const span = tracer.startSpan(given.name, { kind: given.kind, startTime: given.startMs }, parent).setAttributes(own);
  for (const each of attempts) {
    tracer
      .startSpan("attempt", { startTime: given.startMs }, trace.setSpan(parent, span))
      .setAttributes(each)
      .end(given.startMs + 1);
  }
  if (given.hasFailed) {
    span.setStatus({ code: SpanStatusCode.ERROR, ...(given.message === undefined ? {} : { message: given.message }) });
  }
  span.end(given.startMs + 2);
  return [...ended];
};

describe("the spans of a call", () => {
  test("are encoded byte for byte as OpenTelemetry's own serializer does", () => {
    fc.assert(
      fc.property(call, (given) => {
        const spans = spansOf(given);
        expect(Buffer.from(encodeCall(spans))).toEqual(
          Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("are encoded so when most attributes are those of the calls before", () => {
    const values = fc.constantFrom("a", "b", "", "é", 0, -0, 1, 1.5, -1, Number.NaN, true, false, "1", "x".repeat(200));
    const alike = fc.dictionary(fc.constantFrom("p", "q", "r"), values, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(fc.array(alike, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), (calls) => {
        const encode = createEncodeCall();
        for (const each of calls) {
          const spans = spansOf({ ...sample, attributes: each });
          expect(Buffer.from(encode(spans))).toEqual(
            Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test("are encoded the same again after a text of megabytes made room", () => {
    const plain = spansOf({ ...sample, attributes: [{ a: "b" }] });
    const before = encodeCall(plain);
    const long = spansOf({ ...sample, attributes: [{ text: "ü𠮷x".repeat(500_000) }] });
    expect(Buffer.compare(encodeCall(long), ProtobufTraceSerializer.serializeRequest(long) ?? Buffer.alloc(0))).toBe(0);
    expect(encodeCall(plain)).toEqual(before);
  });

  test("with events or links, which the gateway does not make, are whole as well", () => {
    ended.length = 0;
    const span = tracer.startSpan("chat", {
      links: [{ context: { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: TraceFlags.SAMPLED } }],
    });
    span.addEvent("happened", { why: "so" });
    span.end();
    expect(Buffer.from(encodeCall([...ended]))).toEqual(
      Buffer.from(ProtobufTraceSerializer.serializeRequest([...ended]) ?? []),
    );
  });
});

const sample: GivenCall = {
  name: "chat gpt-4o",
  attributes: [],
  kind: SpanKind.CLIENT,
  hasFailed: false,
  message: undefined,
  startMs: 1_767_225_600_000,
  traceparent: null,
  tracestate: null,
};
