import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { embeddingParts } from "../../core/embedding-sum.ts";
import { embeddingDimensions, embeddingMeasure } from "../../core/measures.ts";
import { EmbeddingSums } from "../../processors/embedding-sums.ts";
import { GramCounter } from "../../processors/measure-grams.ts";
import { callWith } from "./calls.ts";

const range = { topic: "otlp_spans", partition: 3, start: 70 };
const grams = new GramCounter();

const vectorOf = (text: string): Float32Array => grams.measure(text).embedding ?? new Float32Array(embeddingDimensions);

describe("the embeddings of a batch", () => {
  test("are added up by series and minute, with the place of the batch and nothing of a single call", () => {
    const sums = new EmbeddingSums(range);
    const minute = (at: number) => ({ startedAtNs: BigInt(at) * 60_000_000_000n + 5n });
    for (const model of ["a", "b", "a"])
      sums.add(callWith({ ...minute(7), modelServed: model }), vectorOf(model.repeat(40)));
    sums.add(callWith({ ...minute(8), modelServed: "a", routeReason: "shadow" }), vectorOf("another text"));
    expect(
      sums.all().map(({ model, minuteSeconds, n, isShadow, measure, source }) => ({
        model,
        minuteSeconds,
        n,
        isShadow,
        measure,
        source,
      })),
    ).toEqual(
      [
        { model: "a", minuteSeconds: 420, n: 2, isShadow: false, index: 0 },
        { model: "b", minuteSeconds: 420, n: 1, isShadow: false, index: 1 },
        { model: "a", minuteSeconds: 480, n: 1, isShadow: true, index: 2 },
      ].map(({ index, ...one }) => ({
        ...one,
        measure: embeddingMeasure,
        source: { topic: "otlp_spans", partition: 3, offset: 70, index },
      })),
    );
  });

  test("are named by the version of the prompt as other measures are", () => {
    const promptOf = (fields: Parameters<typeof callWith>[0]): string | undefined => {
      const sums = new EmbeddingSums(range);
      sums.add(callWith(fields), vectorOf("some answer"));
      return sums.all()[0]?.prompt;
    };
    const none = { feature: null, promptName: null, promptVersion: null, systemPromptHash: null };
    expect(promptOf(none)).toBe("");
    expect(promptOf({ ...none, systemPromptHash: "1f00" })).toBe("1f");
    expect(promptOf({ ...none, promptName: "greet", promptVersion: "2", systemPromptHash: "1f00" })).toBe("greet@2");
    expect(promptOf({ ...none, promptName: "n".repeat(80), promptVersion: "2" })).toBe("n".repeat(64));
    expect(promptOf({ ...none, feature: "probe", promptVersion: "2" })).toBe("probe");
  });

  test("add up to the same in every order, and are within half a part of each vector", () => {
    const texts = fc.array(fc.string({ minLength: 4, maxLength: 60 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(texts, (all) => {
        const summed = (some: readonly string[]) => {
          const sums = new EmbeddingSums(range);
          for (const text of some) sums.add(callWith({}), vectorOf(text));
          return sums.all();
        };
        const [sum] = summed(all);
        expect(summed(all.toReversed())).toEqual([sum]);
        const exact = all.map(vectorOf);
        for (let place = 0; place < embeddingDimensions; place += 1) {
          const total = exact.reduce((so, vector) => so + (vector[place] ?? 0), 0);
          expect(Math.abs((sum?.sums[place] ?? 0) / embeddingParts - total)).toBeLessThanOrEqual(
            all.length / 2 / embeddingParts + 1e-6,
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});
