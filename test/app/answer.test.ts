import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerJson } from "../../app/ask/answer-json.ts";
import { answerText, dollarText } from "../../app/ask/answer-text.ts";
import { parseDuration } from "../../app/ask/parse-duration.ts";
import type { QuestionColumn } from "../../store/questions-column.ts";

const columns: readonly QuestionColumn[] = [
  { name: "model", role: "label", unit: "none" },
  { name: "calls", role: "value", unit: "calls" },
  { name: "cost_nanos", role: "value", unit: "nanodollars" },
  { name: "error_ratio", role: "value", unit: "ratio" },
];

describe("answerText", () => {
  test("aligns columns, shows dollars and shares, and a dash for what is not known", () => {
    const rows = [
      { model: "gpt-4", calls: "4000", cost_nanos: "1234567890", error_ratio: 0.015 },
      { model: "007", calls: "5", cost_nanos: null, error_ratio: null },
    ];
    expect(answerText(columns, rows)).toBe(
      [
        "model  calls   cost_nanos  error_ratio",
        "gpt-4   4000  $1.23456789        1.50%",
        "007        5            -            -",
        "",
      ].join("\n"),
    );
  });

  test("says so when there is nothing", () => {
    expect(answerText(columns, [])).toBe("no calls in this range\n");
  });
});

describe("dollarText", () => {
  test.each([
    { nanos: "0", text: "$0.00" },
    { nanos: "1", text: "$0.000000001" },
    { nanos: "-1500000000", text: "-$1.50" },
    { nanos: "9223372036854775807", text: "$9223372036.854775807" },
  ])("$nanos nano-dollars are $text", ({ nanos, text }) => {
    expect(dollarText(nanos)).toBe(text);
  });

  test("keeps every digit of every amount", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (nanos) => {
        const [, sign, whole, fraction] = /^(-?)\$(\d+)\.(\d{2,9})$/.exec(dollarText(String(nanos))) ?? [];
        expect(BigInt(`${sign}${whole}${fraction?.padEnd(9, "0")}`)).toBe(nanos);
      }),
    );
  });
});

describe("answerJson", () => {
  test("writes 64-bit integers with all their digits, and labels as text even when they look like numbers", () => {
    const rows = [{ model: "007", calls: "9007199254740993", cost_nanos: null, error_ratio: 0.5 }];
    expect(answerJson({ question: "cost", fromMs: 0, toMs: 1_000, columns, rows })).toBe(
      '{"question":"cost","from":"1970-01-01T00:00:00.000Z","to":"1970-01-01T00:00:01.000Z",' +
        '"rows":[{"model":"007","calls":9007199254740993,"cost_nanos":null,"error_ratio":0.5}]}\n',
    );
  });

  test("is JSON whatever the labels hold", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ model: fc.string(), calls: fc.nat().map(String) })), (rows) => {
        const text = answerJson({ question: "cost", fromMs: 0, toMs: 1, columns, rows });
        const expected = rows.map((row) => ({ model: row.model, calls: Number(row.calls) }));
        expect(JSON.parse(text)).toMatchObject({ rows: expected });
      }),
    );
  });
});

describe("parseDuration", () => {
  test.each([
    { text: "90s", ms: 90_000 },
    { text: "15m", ms: 900_000 },
    { text: "24h", ms: 86_400_000 },
    { text: "7d", ms: 604_800_000 },
  ])("$text is $ms ms", ({ text, ms }) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "24", "h", "-1h", "0s", "1.5h", "1w", "1h "])("%j is refused", (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "cli.usage" }));
  });
});
