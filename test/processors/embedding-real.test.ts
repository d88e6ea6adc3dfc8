import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { EmbeddingStep } from "../../processors/detect-embedding.ts";
import { stepEmbedding } from "../../processors/detect-embedding.ts";
import { driftConfig } from "../../processors/drift-config.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import type { EmbeddingBaseline } from "../../processors/embedding-state.ts";
import { needsData } from "../support/needs.ts";
import { readRows } from "./measured.ts";
import { answerVector, embeddedMinute } from "./worded-answers.ts";

const config = driftConfig.parse({});
const perMinute = 20;
const orders = 20;

const primeRow = z.object({ model: z.string(), answer: z.string() });
const guardRow = z.object({ completion: z.string() });

const shuffled = <T>(values: readonly T[], seed: string): readonly T[] => {
  const random = randomFrom(seed);
  return values
    .map((value) => ({ value, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
};

/** A baseline of twenty minutes. */
const baselineOf = (vectors: readonly Float32Array[]): EmbeddingBaseline => {
  const size = Math.floor(vectors.length / 20);
  const blocks = Array.from({ length: 20 }, (_, index) =>
    embeddedMinute(vectors.slice(index * size, (index + 1) * size), 0),
  ).map(({ n, sum, squaredNorms }) => ({ count: n, sum: [...sum], squaredNorms }));
  return { from: "the version before", blocks };
};

/** Answers until the first finding where the later ones are those of a new version; null without one. */
const answersToFinding = (before: readonly Float32Array[], after: readonly Float32Array[]): number | null => {
  const context = { config, families: 2, predecessor: baselineOf(before) };
  let step: EmbeddingStep | null = null;
  for (let at = 0; at + perMinute <= after.length; at += perMinute) {
    const minute = embeddedMinute(after.slice(at, at + perMinute), at * 60_000);
    step = stepEmbedding(step?.state ?? null, minute, context);
    if (step.finding !== null) return at + perMinute;
  }
  return null;
};

describe("the embedding of real outputs", () => {
  test("finds the versions of GPT-4 and GPT-3.5 that answered about primes within 100 answers, in every order", (context) => {
    const rows = readRows(needsData(context, "llmdrift/prime_full.jsonl.gz"), primeRow);
    const of = (model: string) =>
      rows.filter((row) => row.model === model && row.answer !== "").map(({ answer }) => answerVector(answer));
    for (const [old, next] of [
      ["gpt-4-0314", "gpt-4-0613"],
      ["gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613"],
    ] as const) {
      const [before, after] = [of(old), of(next)];
      for (let order = 0; order < orders; order += 1) {
        const answers = answersToFinding(shuffled(before, `before ${order}`), shuffled(after, `after ${order}`));
        expect(answers ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(100);
      }
    }
  });

  test("finds a guard in the prompt within 200 answers, and nothing where one half of a model's follows the other", (context) => {
    const of = (name: string) =>
      readRows(needsData(context, `xstest/${name}.jsonl.gz`), guardRow).map(({ completion }) =>
        answerVector(completion),
      );
    const [plain, guarded] = [of("mistralinstruct"), of("mistralguard")];
    for (let order = 0; order < orders; order += 1) {
      const [one, two] = [shuffled(plain, `plain ${order}`), shuffled(guarded, `guarded ${order}`)];
      expect(answersToFinding(one, two) ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(200);
      for (const all of [one, two]) {
        const half = all.length >> 1;
        expect(answersToFinding(all.slice(0, half), all.slice(half))).toBeNull();
      }
    }
  });
});
