import { describe, expect, test } from "vitest";
import type { Measure } from "../../core/measures.ts";
import { answerMeasures, inputMeasures } from "../../core/measures.ts";
import { logBoundOf, mostEmbeddingModels } from "../../processors/drift-budget.ts";

const compared = (table: Readonly<Record<string, Measure>>): readonly string[] =>
  Object.entries(table).flatMap(([name, { kind }]) => (kind === "hash" ? [] : [name]));

const names = [
  ...compared(answerMeasures).map((name) => `answer_${name}`),
  ...compared(inputMeasures).map((name) => `input_${name}`),
].map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));

/** False alarms that all measures of a model may make in one pass each, in expectation. */
const spentIn = (
  pass: { readonly isOfVersion: boolean; readonly families: number; readonly perWeek?: number },
  measures: readonly string[] = names,
): number =>
  measures
    .flatMap((measure) => [
      { measure, isWithin: false },
      ...(measure.startsWith("answer_") ? [{ measure, isWithin: true }] : []),
    ])
    .reduce((sum, one) => sum + Math.exp(-logBoundOf({ ...pass, ...one, falseAlarmsPerWeek: pass.perWeek ?? 1 })), 0);

describe("the budget of false alarms", () => {
  test("is kept by all measures of a model together, a week of passes a quarter of an hour apart", () => {
    for (const families of [1, 7, 250]) {
      const own = spentIn({ isOfVersion: false, families }) * 672 * families;
      expect(own).toBeLessThanOrEqual(0.5 + 1e-9);
      expect(own).toBeGreaterThan(0.4);
    }
  });

  test("of one new version is a twentieth of a week's, and less when there are many models", () => {
    expect(spentIn({ isOfVersion: true, families: 1 })).toBeLessThanOrEqual(0.05 + 1e-9);
    expect(spentIn({ isOfVersion: true, families: 1 })).toBeGreaterThan(0.04);
    expect(spentIn({ isOfVersion: true, families: 250 }) * 250).toBeLessThanOrEqual(0.5 + 1e-9);
    expect(spentIn({ isOfVersion: true, families: 1, perWeek: 1_000 })).toBeLessThanOrEqual(1 + 1e-9);
  });

  test("has room for embeddings by as many models of an endpoint as one process compares", () => {
    const embedders = Array.from({ length: mostEmbeddingModels }, (_, n) => `answer_embedding:m${n}~0a1b2c3d@1`);
    const spent = spentIn({ isOfVersion: true, families: 1 }, [...names, ...embedders]);
    expect(spent).toBeLessThanOrEqual(0.05 + 1e-12);
    expect(spent).toBeGreaterThan(spentIn({ isOfVersion: true, families: 1 }));
  });

  test("gives length, refusals and the form of answers a quarter each, whatever the version of a measure", () => {
    const spentBy = (named: readonly string[]): number => spentIn({ isOfVersion: true, families: 1 }, named) / 0.05;
    const refusals = ["answer_refusal_class@1", "answer_refusal_score@2"];
    const form = ["short_answer", "code_fence", "json_valid", "tool_arguments_valid", "finish_reason", "language"];
    for (const concern of [["answer_tokens@1"], refusals, form.map((name) => `answer_${name}@1`)]) {
      expect(spentBy(concern)).toBeCloseTo(0.25, 12);
    }
  });

  test("gives most to the measures that break callers, whatever their version", () => {
    const boundOf = (measure: string): number =>
      logBoundOf({ measure, families: 3, falseAlarmsPerWeek: 1, isOfVersion: false, isWithin: false });
    expect(boundOf("answer_refusal_score@1")).toBe(boundOf("answer_refusal_score@2"));
    expect(boundOf("answer_refusal_score@1")).toBeLessThan(boundOf("answer_hedging@1") - 1);
    // Of what a measure of answers may spend, a twentieth is for answers to the same inputs.
    expect(boundOf("input_tokens@1")).toBeCloseTo(boundOf("answer_hedging@1") + Math.log(0.95), 12);
  });
});
