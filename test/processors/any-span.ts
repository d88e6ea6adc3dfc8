import fc from "fast-check";
import type { AttributeValue } from "../../processors/otlp-span.ts";
import type { TestAttributes, TestSpan } from "./otlp-bytes.ts";

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString("hex"));

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const exactInt = int64.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));

const attributeValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.boolean(),
    exactInt,
    fc.double({ noDefaultInfinity: false }).filter((value) => !Number.isSafeInteger(value) || Object.is(value, -0)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .dictionary(fc.string(), tie("value"), { maxKeys: 3, noNullPrototype: true })
      .filter((map) => !("__proto__" in map && Object.hasOwn(map, "__proto__"))),
  ),
})).value;

/** Attributes of every type, in one another too. */
export const anyAttributes: fc.Arbitrary<TestAttributes> = fc.dictionary(
  fc.string({ minLength: 1 }),
  fc.oneof({ weight: 9, arbitrary: attributeValue }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) }),
  { maxKeys: 6, noNullPrototype: true },
);

const time = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });

/** A span with every field that is read. */
export const anySpan: fc.Arbitrary<TestSpan> = fc.record({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: fc.oneof(hex(8), fc.constant("")),
  traceState: fc.string(),
  name: fc.string({ unit: "binary" }),
  kind: fc.nat({ max: 5 }),
  startNs: time,
  endNs: time,
  attributes: anyAttributes,
  events: fc.array(fc.record({ atNs: time, name: fc.string(), attributes: anyAttributes }), { maxLength: 2 }),
  links: fc.array(fc.record({ traceId: hex(16), spanId: hex(8), traceState: fc.string(), attributes: anyAttributes }), {
    maxLength: 2,
  }),
  statusCode: fc.nat({ max: 2 }),
  statusMessage: fc.string(),
});
