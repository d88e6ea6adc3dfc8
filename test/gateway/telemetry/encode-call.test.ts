import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { RecordedSpan } from "../../../gateway/telemetry/encode-call.ts";
import { createEncodeCall } from "../../../gateway/telemetry/encode-call.ts";
import { hrTimeAt } from "../../../gateway/telemetry/hr-time.ts";
import type { AttributeValue } from "../../../gateway/telemetry/span-attributes.ts";
import { callerContext } from "../../../gateway/telemetry/trace-context.ts";
import type { EndedSpan } from "../../../gateway/telemetry/tracer.ts";
import { startTracer } from "../../../gateway/telemetry/tracer.ts";

const tracing = startTracer({ gatewayId: "gateway-𠮷", serviceVersion: "1.2.3" });
const { tracer, endSpan, origin } = tracing;
afterAll(() => tracing.stop());

const encodeCall = createEncodeCall(origin);

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
type Attributes = Readonly<Record<string, string | number | boolean | string[]>>;

const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
  fc.oneof(text, number, fc.boolean(), fc.array(text)),
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

/** The ended spans of a call and its attempts, with their attributes as the SDK keeps them. */
const spansOf = (given: GivenCall): EndedSpan[] => {
  const parent = callerContext(given.traceparent, given.tracestate);
  const [own = {}, ...attempts] = given.attributes;
  const span = tracer.startSpan(given.name, { kind: given.kind, startTime: given.startMs }, parent).setAttributes(own);
  const ended = attempts.map((each) =>
    endSpan(
      tracer.startSpan("attempt", { startTime: given.startMs }, trace.setSpan(parent, span)).setAttributes(each),
      at(given.startMs + 1),
    ),
  );
  if (given.hasFailed) {
    span.setStatus({ code: SpanStatusCode.ERROR, ...(given.message === undefined ? {} : { message: given.message }) });
  }
  return [endSpan(span, at(given.startMs + 2)), ...ended];
};

const at = (ms: number) => hrTimeAt(ms, 0);

/** As the recorder has them: the attributes apart. They are put in reverse, for bytes are written from the end. */
const recorded = (spans: readonly EndedSpan[]): RecordedSpan[] =>
  spans.map((span) => ({
    span,
    putAttributes: (to) => {
      for (const [name, value] of Object.entries(span.attributes).toReversed()) {
        to.put(name, ownValue(value));
      }
    },
  }));

/** The lists given here are lists of texts. */
const ownValue = (value: unknown): AttributeValue | null =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : Array.isArray(value)
      ? value.map(String)
      : null;

describe("the spans of a call", () => {
  test("are encoded byte for byte as OpenTelemetry's own serializer does", () => {
    fc.assert(
      fc.property(call, (given) => {
        const spans = spansOf(given);
        expect(Buffer.from(encodeCall(recorded(spans)))).toEqual(
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
        const encode = createEncodeCall(origin);
        for (const each of calls) {
          const spans = spansOf({ ...sample, attributes: each });
          expect(Buffer.from(encode(recorded(spans)))).toEqual(
            Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test("are encoded the same again after a text of megabytes made room", () => {
    const plain = spansOf({ ...sample, attributes: [{ a: "b" }] });
    const before = Buffer.from(encodeCall(recorded(plain)));
    const long = spansOf({ ...sample, attributes: [{ text: "ü𠮷x".repeat(500_000) }] });
    expect(
      Buffer.compare(encodeCall(recorded(long)), ProtobufTraceSerializer.serializeRequest(long) ?? Buffer.alloc(0)),
    ).toBe(0);
    expect(Buffer.from(encodeCall(recorded(plain)))).toEqual(before);
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
