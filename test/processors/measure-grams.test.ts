import { expect, test } from "vitest";
import { GramCounter } from "../../processors/measure-grams.ts";
import { goldenTexts } from "./golden-texts.ts";

/** Square roots of the counts of the runs of 4 characters. */
const runsOf = (text: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (let at = 0; at + 4 <= text.length; at += 1) {
    const run = text.slice(at, at + 4);
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return new Map([...counts].map(([run, count]) => [run, Math.sqrt(count)]));
};

const dot = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number =>
  [...a].reduce((sum, [run, value]) => sum + value * (b.get(run) ?? 0), 0);

const cosine = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number =>
  dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

test("the cosine of two embeddings is that of the texts' runs, up to what 256 dimensions allow", () => {
  const grams = new GramCounter();
  // Halves of the texts, so that there are near pairs as well as strangers.
  const texts = goldenTexts
    .filter((text) => text.length > 60)
    .flatMap((text) => [text, text.slice(0, text.length / 2), `${text.slice(20)} And more.`]);
  const vectors = texts.map((text) => ({
    runs: runsOf(text),
    embedding: Array.from(grams.measure(text).embedding ?? []),
  }));
  const errors = vectors.flatMap((a, index) =>
    vectors.slice(index + 1).map((b) => {
      const embedded = a.embedding.reduce((sum, value, at) => sum + value * (b.embedding[at] ?? 0), 0);
      return embedded - cosine(a.runs, b.runs);
    }),
  );
  const rootMeanSquare = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
  expect(errors.length).toBeGreaterThan(500);
  // A Gaussian matrix of 256 rows has 1/16 for vectors that stand at a right angle (Johnson and Lindenstrauss).
  expect(rootMeanSquare, `${rootMeanSquare}`).toBeLessThan(0.08);
});
