import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Measure } from "../../core/measures.ts";
import { answerMeasures, inputMeasures } from "../../core/measures.ts";
import { createMatchesSchema } from "../../processors/measure-schema.ts";
import { goldenTexts } from "./golden-texts.ts";
import { measured, measuredInput } from "./measured.ts";

const pinnedShape = z.record(z.string(), z.object({ version: z.int(), outputs: z.string() }));
const file = new URL("measure-goldens.json", import.meta.url);
const pinned = z.object({ answer: pinnedShape, input: pinnedShape }).parse(JSON.parse(readFileSync(file, "utf8")));

const matchesSchema = createMatchesSchema({ type: "object", required: ["name"] });
const tools = [{ name: "search", arguments: '{"q": 1}' }];

const answers = [
  measured(null, { toolCalls: null, finishReasons: [] }),
  measured("", { toolCalls: tools, finishReasons: ["tool_use"] }),
  measured("cut off", { isCut: true, finishReasons: ["length"] }),
  measured("twelve characters or so", { outputTokens: 5 }),
  ...goldenTexts.map((text) => measured(text, { matchesSchema })),
];
const inputs = goldenTexts.map(measuredInput);

/** What a measure made of every golden text, as a hash. */
const outputsOf = (name: string, rows: readonly object[]): string => {
  const values = rows.map((row) => new Map<string, unknown>(Object.entries(row)).get(name));
  const plain = values.map((value) => (value instanceof Float32Array ? Array.from(value) : value));
  return hash("sha256", JSON.stringify(plain), "hex").slice(0, 16);
};

const outputs = (table: Readonly<Record<string, Measure>>, rows: readonly object[]) =>
  Object.fromEntries(
    Object.entries(table).map(([name, { version }]) => [name, { version, outputs: outputsOf(name, rows) }]),
  );

/**
 * A measure that makes something else of a text starts a new series, or drift is seen where only we have changed. So:
 * raise the version of the measure in core/measures.ts, then write what this test has received to measure-goldens.json.
 */
describe("what a measure makes of the golden texts changes only with its version", () => {
  test.each([
    ["answer", outputs(answerMeasures, answers), pinned.answer],
    ["input", outputs(inputMeasures, inputs), pinned.input],
  ])("of an %s", (_, received, expected) => {
    const changed = Object.entries(received).filter(
      ([name, { version, outputs: now }]) => expected[name]?.version === version && expected[name].outputs !== now,
    );
    expect(Object.fromEntries(changed), "raise the version of these").toEqual({});
    expect(received, "write these to measure-goldens.json").toEqual(expected);
  });

  test("every measure tells some of the texts apart", () => {
    const told = (name: string, rows: readonly object[]): number =>
      new Set(rows.map((row) => JSON.stringify(new Map<string, unknown>(Object.entries(row)).get(name)))).size;
    const dull = [
      ...Object.keys(answerMeasures).filter((name) => told(name, answers) < 2),
      ...Object.keys(inputMeasures).filter((name) => told(name, inputs) < 2),
    ];
    expect(dull).toEqual(["messages"]);
  });
});
