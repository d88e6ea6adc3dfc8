import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson, readJson } from "../../gateway/parse-json.ts";

const nested = (levels: number, open: string, close: string): string =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

describe("readJson", () => {
  test("takes what JSON takes, as text and as bytes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        const same: unknown = JSON.parse(text);
        expect([readJson(text), readJson(Buffer.from(text))]).toEqual([
          { ok: true, value: same },
          { ok: true, value: same },
        ]);
      }),
    );
  });

  test.each([
    { open: "[", close: "]" },
    { open: '{"a":', close: "}" },
    { open: '[{"a":', close: "}]" },
  ])("takes 200 levels of $open and not one more", ({ open, close }) => {
    const perStep = open.startsWith("[{") ? 2 : 1;
    expect(readJson(nested(200 / perStep, open, close)).ok).toBe(true);
    expect(readJson(nested(200 / perStep + 1, open, close))).toEqual({ ok: false, problem: "too_deep" });
  });

  test("takes many brackets that are no levels", () => {
    const wide = JSON.stringify([Array.from({ length: 1_000 }, () => [{}]), "[{".repeat(1_000)]);
    expect(readJson(wide)).toEqual({ ok: true, value: JSON.parse(wide) });
  });

  test("is undefined as a value where there is none", () => {
    expect([parseJson("{"), parseJson(""), parseJson(nested(500, "[", "]")), parseJson("null")]).toEqual([
      undefined,
      undefined,
      undefined,
      null,
    ]);
  });
});
