import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageOf } from "../../core/errors.ts";
import { decodeSpans } from "../../processors/decode-spans.ts";
import { anyAttributes, anySpan } from "./any-span.ts";
import { attributeOf, errorOf, isExpected, jsonOf, ofSpan, ofValue } from "./json-requests.ts";
import { otlpBytes } from "./otlp-bytes.ts";
import type { JsonStyle } from "./otlp-json.ts";
import { otlpJson } from "./otlp-json.ts";

const anyStyle: fc.Arbitrary<JsonStyle> = fc.record({
  integersAsNumbers: fc.boolean(),
  enumsByName: fc.boolean(),
  upperCaseIds: fc.boolean(),
  nulls: fc.boolean(),
});

describe("OTLP/JSON", () => {
  test("decodes to the spans that the same request in protobuf decodes to, however it is written", () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 4 }), anyAttributes, anyStyle, (spans, resource, style) => {
        expect(decodeSpans(otlpJson(spans, { resource, style }))).toEqual(decodeSpans(otlpBytes(spans, resource)));
      }),
      { numRuns: 300 },
    );
  });

  test("bytes come as base64, whichever alphabet they were in, padded or not", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        for (const encoding of ["base64", "base64url"] as const) {
          const written = { bytesValue: Buffer.from(bytes).toString(encoding) };
          expect(attributeOf(written)).toBe(Buffer.from(bytes).toString("base64"));
        }
      }),
    );
  });

  test.each([
    ["text", { stringValue: "" }, ""],
    ["no value at all", {}, null],
    ["null", null, null],
    ["a type that nobody knows yet", { complexValue: "1+i" }, null],
    ["an empty array", { arrayValue: {} }, []],
    ["an empty map", { kvlistValue: {} }, {}],
    ["the largest integer", { intValue: "9223372036854775807" }, 2n ** 63n - 1n],
    ["the smallest integer", { intValue: "-9223372036854775808" }, -(2n ** 63n)],
    ["an integer with an exponent", { intValue: 1e3 }, 1000],
    ["minus zero", { intValue: "-0" }, 0],
    ["a double as text", { doubleValue: "1.5e3" }, 1500],
    ["half of a character", { stringValue: "\ud83d" }, "\ufffd"],
    ["a null beside the value", { stringValue: null, intValue: "1" }, 1],
    ["a map with an odd name", { kvlistValue: { values: [{ key: "__proto__", value: { intValue: 1 } }] } }, "own"],
  ])("an attribute may hold %s", (_name, written, expected) => {
    const value = attributeOf(written);
    if (expected === "own") expect(Object.entries(value ?? {})).toEqual([["__proto__", 1]]);
    else expect(value).toEqual(expected);
  });

  test.each([
    ["a request of logs", { resourceLogs: [] }, "resourceSpans is missing"],
    ["a list", [], "not an OTLP trace request"],
    ["spans that are no array", { resourceSpans: {} }, "resourceSpans is no array"],
    ["null for a span", { resourceSpans: [{ scopeSpans: [{ spans: [null] }] }] }, "spans[0] is no object"],
    ["base64 for an id", ofSpan({ traceId: "CvdlGRbNQ92ESOshHIAxnA==" }), "spans[1].traceId is no hex"],
    ["a number for a name", ofSpan({ name: 1 }), "resourceSpans[0].scopeSpans[0].spans[1].name is no text"],
    ["an unknown kind", ofSpan({ kind: "SPAN_KIND_CLIENTS" }), "spans[1].kind is no value of its enum"],
    ["a kind of one and a half", ofSpan({ kind: 1.5 }), "spans[1].kind is no value of its enum"],
    ["a time before 1970", ofSpan({ startTimeUnixNano: "-1" }), "spans[1].startTimeUnixNano is negative or beyond"],
    ["a time beyond 64 bits", ofSpan({ endTimeUnixNano: "18446744073709551616" }), "endTimeUnixNano is negative or"],
    ["a time in words", ofSpan({ endTimeUnixNano: "2026-11-21" }), "endTimeUnixNano is no integer"],
    ["a status of text", ofSpan({ status: "ok" }), "spans[1].status is no object"],
    ["an integer of 70 bits", ofValue({ intValue: "9223372036854775808" }), "value.intValue is beyond 64 bits"],
    ["a broken integer", ofValue({ intValue: 1.5 }), "attributes[0].value.intValue is no integer"],
    ["a million digits", ofValue({ intValue: "9".repeat(1_000_000) }), "value.intValue is no integer"],
    ["a double in words", ofValue({ doubleValue: "much" }), "attributes[0].value.doubleValue is no double"],
    ["text for a boolean", ofValue({ boolValue: "true" }), "value.boolValue is neither true nor false"],
    ["bytes that are no base64", ofValue({ bytesValue: "?" }), "value.bytesValue is no base64"],
    ["bytes without their end", ofValue({ bytesValue: "AAAAA" }), "value.bytesValue is no base64"],
    [
      "an array of a number",
      ofValue({ arrayValue: { values: [{ intValue: 1 }, 2] } }),
      "spans[1].attributes[0].value.arrayValue.values[1] is no object",
    ],
  ])("%s is refused, and the reason names the place", (_name, request, place) => {
    const error = errorOf(() => decodeSpans(jsonOf(request), "application/json"));
    expect(isExpected(error)).toBe(true);
    expect(messageOf(error)).toContain(place);
  });

  test.each([
    ["ends too early", '{"resourceSpans":[{"secret', "no valid JSON at position 26"],
    ["has more behind it", '{"resourceSpans":[]}{"secret":1}', "no valid JSON at position 20"],
    ["has a word where a value is due", '{"resourceSpans":secret}', "no valid JSON"],
  ])("text that %s is refused, and the reason quotes nothing of it", (_name, text, reason) => {
    const message = messageOf(errorOf(() => decodeSpans(Buffer.from(text))));
    expect(message).toBe(`not an OTLP trace request: ${reason}`);
  });
});

describe("the encoding of a record", () => {
  const spans = [{ name: "chat" }];

  test.each([
    ["nothing", undefined],
    ["of neither encoding", "application/octet-stream"],
  ])("is told by the first byte where its content type is %s", (_name, contentType) => {
    const [json, protobuf] = [otlpJson(spans), otlpBytes(spans)];
    expect(decodeSpans(json, contentType)).toEqual(decodeSpans(protobuf, contentType));
  });

  test.each(["application/json", "Application/JSON; charset=utf-8"])("is JSON where its content type is %s", (type) => {
    const spaced = Buffer.concat([Buffer.from("\n  "), otlpJson(spans)]);
    expect(decodeSpans(spaced, type)).toEqual(decodeSpans(otlpBytes(spans)));
    expect(isExpected(errorOf(() => decodeSpans(otlpBytes(spans), type)))).toBe(true);
    expect(errorOf(() => decodeSpans(otlpBytes(spans), type))).not.toBeNull();
  });

  test("is protobuf where its content type says so", () => {
    for (const type of ["application/x-protobuf", "application/protobuf"]) {
      expect(errorOf(() => decodeSpans(otlpJson(spans), type))).not.toBeNull();
      expect(decodeSpans(otlpBytes(spans), type)).toHaveLength(1);
    }
  });
});
