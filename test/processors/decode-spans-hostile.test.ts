import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageOf } from "../../core/errors.ts";
import { decodeSpans } from "../../processors/decode-spans.ts";
import type { AttributeValue } from "../../processors/otlp-span.ts";
import { anySpan } from "./any-span.ts";
import { errorOf, isExpected, jsonOf, ofSpan, ofValue } from "./json-requests.ts";
import { otlpBytes } from "./otlp-bytes.ts";
import { otlpJson } from "./otlp-json.ts";

describe("JSON that is no request", () => {
  test("a request cut anywhere is refused", () => {
    fc.assert(
      fc.property(anySpan, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (span, share) => {
        const bytes = otlpJson([span]);
        const cut = bytes.subarray(0, Math.max(1, Math.floor(share * bytes.length)));
        const error = errorOf(() => decodeSpans(cut));
        expect(error !== null && isExpected(error)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON, and a request with any value anywhere, is decoded or refused with the code", () => {
    const anyJson = fc.jsonValue({ maxDepth: 4 });
    const fields = ["resource", "scopeSpans", "scope", "spans", "attributes", "value", "kind", "events", "status"];
    const names = fc.constantFrom(...fields, "traceId", "startTimeUnixNano", "intValue", "arrayValue", "values");
    const likeOtlp = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 8 },
        anyJson,
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(names, tie("node"), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(likeOtlp, (value) => {
        for (const request of [value, { resourceSpans: [value] }, ofSpan({ attributes: value }), ofValue(value)]) {
          expect(isExpected(errorOf(() => decodeSpans(jsonOf(request), "application/json")))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a flipped byte in a request is decoded or refused with the code", () => {
    const bytes = otlpJson([
      { attributes: { "gen_ai.request.model": "gpt-4", n: 12, list: ["a", 1.5], big: 2n ** 60n } },
    ]);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const damaged = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ flip : byte));
        expect(isExpected(errorOf(() => decodeSpans(damaged, "application/json")))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

const nested = (depth: number, wrap: (value: AttributeValue) => AttributeValue): AttributeValue => {
  let value: AttributeValue = "deep";
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
};

describe("values in one another", () => {
  const wraps: readonly (readonly [string, (value: AttributeValue) => AttributeValue])[] = [
    ["arrays", (value) => [value]],
    ["maps", (value) => ({ k: value })],
  ];

  test.each(wraps)("%s are read 100 deep and refused deeper, from both encodings", (_name, wrap) => {
    for (const encode of [otlpBytes, otlpJson]) {
      const [span] = decodeSpans(encode([{ attributes: { deep: nested(100, wrap) } }]));
      expect(JSON.stringify(span?.attributes.get("deep"))).toBe(JSON.stringify(nested(100, wrap)));
      const error = errorOf(() => decodeSpans(encode([{ attributes: { deep: nested(101, wrap) } }])));
      expect(isExpected(error)).toBe(true);
      expect(messageOf(error)).toContain("more than 100 arrays and maps in one another");
    }
  });

  test.each([
    ["arrays", "[", "]"],
    ["values", '{"arrayValue":{"values":[', "]}}"],
    ["nothing that closes", '{"value":[', ""],
  ])("a megabyte of %s ends with the code, also beside an integer that takes a second look", (_name, open, close) => {
    const depth = Math.floor(1_000_000 / (open.length + close.length));
    const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
    for (const key of ["", ',"n":12345678901234567890']) {
      const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"k","value":${deep}}]}]}]}]${key}}`;
      const error = errorOf(() => decodeSpans(Buffer.from(text)));
      expect(error !== null && isExpected(error)).toBe(true);
    }
  });
});
