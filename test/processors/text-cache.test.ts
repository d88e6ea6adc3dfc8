import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextCache } from "../../processors/text-cache.ts";

describe("TextCache", () => {
  test("reads every text as the decoder does, however often it stood there before", () => {
    const texts = fc.array(
      fc.oneof(fc.constantFrom("gen_ai.request.model", "", "ü", "𠀀"), fc.string({ unit: "binary" })),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(texts, (list) => {
        const cache = new TextCache();
        const parts = list.map((text) => Buffer.from(text));
        const buffer = Buffer.concat(parts);
        let start = 0;
        for (const part of parts) {
          expect(cache.read(buffer, start, start + part.length)).toBe(part.toString("utf8"));
          start += part.length;
        }
      }),
    );
  });
});
