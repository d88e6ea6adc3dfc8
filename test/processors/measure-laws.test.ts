import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Measure } from "../../core/measures.ts";
import { answerMeasures, inputMeasures } from "../../core/measures.ts";
import { createMeasureAnswer } from "../../processors/measure-answer.ts";
import { findFences } from "../../processors/measure-fences.ts";
import { readMessages } from "../../processors/measure-messages.ts";
import { measuredCharacters, TextScanner } from "../../processors/measure-scan.ts";
import { answerOf, measured, measuredInput } from "./measured.ts";

/** Any UTF-16 units, among them lone surrogates and controls, with the marks that measures look for. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(
        "```",
        "\n```py\n",
        "\n",
        "{",
        "[1]",
        '"',
        "'",
        "# ",
        "- ",
        "http://",
        "I can't help",
        "?",
        "。",
        "\\",
      ),
      fc.lorem(),
    ),
  )
  .map((parts) => parts.join(""));

const isWithin = (measure: Measure, value: unknown): boolean => {
  if (value === null) {
    return true;
  }
  switch (measure.kind) {
    case "number":
      return (
        typeof value === "number" && value >= measure.range[0] && value <= measure.range[1] && Number.isFinite(value)
      );
    case "flag":
      return typeof value === "boolean";
    case "category":
      return measure.values.some((known) => known === value);
    case "hash":
      return typeof value === "string" && /^[0-9a-f]{16}$/.test(value);
    case "vector":
      return value instanceof Float32Array && value.length === measure.dimensions && Math.abs(norm(value) - 1) < 1e-5;
  }
};

const norm = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

const outside = (table: Readonly<Record<string, Measure>>, values: object): readonly unknown[] => {
  const entries = Object.entries(values);
  expect(entries.map(([name]) => name).toSorted()).toEqual(Object.keys(table).toSorted());
  return entries.filter(([name, value]) => {
    const measure = table[name];
    return measure === undefined || !isWithin(measure, value);
  });
};

describe("whatever the text is", () => {
  test("every measure of an answer is within its range or null", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(outside(answerMeasures, measured(text))).toEqual([]);
      }),
    );
  });

  test("every measure of an input is within its range or null", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(outside(inputMeasures, measuredInput(text))).toEqual([]);
      }),
    );
  });

  test("measuring it again, after other texts and by a new function, gives the same", () => {
    const fresh = createMeasureAnswer();
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const first = measured(text);
        measured(other);
        expect(measured(text)).toEqual(first);
        expect(fresh(answerOf(text))).toEqual(first);
      }),
    );
  });

  test("the embedding is there exactly when there are 4 characters to run through", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(measured(text).embedding !== null).toBe(text.length >= 4 && text.trim() !== "");
      }),
    );
  });

  test("the scan looks at every character once", () => {
    const scanner = new TextScanner();
    fc.assert(
      fc.property(anyText, (text) => {
        expect(scanner.scan(text, findFences(text)).steps).toBe(text.length);
      }),
    );
  });
});

describe("a million characters", () => {
  const hostile = [
    "a",
    " ",
    "\n",
    "```",
    "```\n",
    "   ```a",
    "[",
    '{"a":',
    "'",
    "\\'",
    '"""',
    "(",
    "\ud800",
    "\u200b",
    "字",
    "I can't ",
    "http://",
    "[1",
    "-\t",
    "1. ",
    "[CUT 12",
  ];

  test.each(hostile)("of %j are measured in their first 65,536, and in full length", (part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length));
    const measures = measured(text);
    expect(outside(answerMeasures, measures)).toEqual([]);
    expect(measures.characters).toBe(text.length);
    expect(measures.words ?? 0).toBeLessThanOrEqual(measuredCharacters);
    expect(outside(inputMeasures, measuredInput(text))).toEqual([]);
  });

  test("of nested JSON are neither refused nor too deep", () => {
    const deep = "[".repeat(500_000) + "]".repeat(500_000);
    expect(measured(deep)).toMatchObject({ jsonForm: "bare", jsonValid: true });
    expect(readMessages(deep)).toEqual([]);
  });

  test("and more are not parsed as JSON", () => {
    expect(measured(`["${"a".repeat(1 << 20)}"]`)).toMatchObject({ jsonForm: null, jsonValid: null });
  });
});
