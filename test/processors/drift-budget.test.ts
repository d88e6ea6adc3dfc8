import { describe, expect, test } from "vitest";
import { answerMeasures, inputMeasures } from "../../core/measures.ts";
import { logBoundOf } from "../../processors/drift-budget.ts";

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const kinds = [
  ...Object.entries(answerMeasures).map(([name, { kind }]) => ({ name: snakeCase(`answer_${name}`), kind })),
  ...Object.entries(inputMeasures).map(([name, { kind }]) => ({ name: snakeCase(`input_${name}`), kind })),
];
const names = kinds.map(({ name }) => name);

/** False alarms that all measures of a model may make in one pass each, in expectation. */
const spentIn = (
  pass: {
    readonly isOfVersion: boolean;
    readonly families: number;
    readonly perWeek?: number;
  },
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

  test("has room for as many embedding models as there are hashes, which are no series", () => {
    const embedders = ["a", "b", "c", "d"].map((model) => `answer_embedding:${model}~0a1b2c3d@1`);
    const series = kinds.filter(({ kind }) => kind !== "hash").map(({ name }) => name);
    expect(kinds.length - series.length).toBe(embedders.length);
    const spent = spentIn({ isOfVersion: false, families: 1 }, [...series, ...embedders]);
    expect(spent).toBeLessThanOrEqual(spentIn({ isOfVersion: false, families: 1 }) + 1e-12);
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
