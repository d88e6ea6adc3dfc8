import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PlumblineError } from "../../core/errors.ts";
import { decodeSpans } from "../../processors/decode-spans.ts";
import { anyAttributes, anySpan } from "./any-span.ts";
import { otlpBytes } from "./otlp-bytes.ts";
import { spansOf } from "./spans-of.ts";

const codeOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof PlumblineError ? error.code : String(error);
  }
};

describe("decodeSpans", () => {
  test("gives back every field of every span, whatever their values", () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 4 }), anyAttributes, (spans, resource) => {
        expect(decodeSpans(otlpBytes(spans, resource))).toEqual(spansOf(spans, resource));
      }),
      { numRuns: 200 },
    );
  });

  test("two requests one behind the other are one request with the spans of both", () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 3 }), fc.array(anySpan, { maxLength: 3 }), (first, second) => {
        const [a, b] = [otlpBytes(first, { who: "a" }), otlpBytes(second, { who: "b" })];
        expect(decodeSpans(Buffer.concat([a, b]))).toEqual([...decodeSpans(a), ...decodeSpans(b)]);
      }),
      { numRuns: 100 },
    );
  });

  test("a request cut anywhere is an error or a request without its last spans, never other spans", () => {
    fc.assert(
      fc.property(
        fc.array(anySpan, { minLength: 1, maxLength: 2 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (spans, share) => {
          const bytes = otlpBytes(spans);
          const cut = bytes.subarray(0, Math.floor(share * (bytes.length - 1)));
          if (cut.length === 0) {
            expect(decodeSpans(cut)).toEqual([]);
          } else {
            expect(codeOf(() => decodeSpans(cut))).toBe("span.undecodable");
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("random bytes are decoded or refused with a code, and end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect([null, "span.undecodable"]).toContain(codeOf(() => decodeSpans(bytes)));
      }),
      { numRuns: 2_000 },
    );
  });

  test("a flipped byte in a request is decoded or refused with a code", () => {
    const bytes = otlpBytes([{ attributes: { "gen_ai.request.model": "gpt-4", n: 12, list: ["a", 1] } }], { r: "x" });
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const damaged = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ flip : byte));
        expect([null, "span.undecodable"]).toContain(codeOf(() => decodeSpans(damaged)));
      }),
      { numRuns: 2_000 },
    );
  });
});
