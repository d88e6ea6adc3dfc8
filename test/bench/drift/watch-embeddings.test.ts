import { expect, test } from "vitest";
import { watchEmbeddings } from "../../../bench/drift/watch-embeddings.ts";
import { randomFrom } from "../../../processors/drift-draw.ts";
import { answerText, answerVector } from "../../processors/worded-answers.ts";

const random = randomFrom("answers");
const answers = (count: number, floridShare: number): readonly Float32Array[] =>
  Array.from({ length: count }, () => answerVector(answerText(random, floridShare)));

test.each([
  { way: "told", isNewVersion: true },
  { way: "silent", isNewVersion: false },
])("answers in other words are found, $way, and none before the change", ({ isNewVersion }) => {
  const found = watchEmbeddings({ before: answers(300, 0), after: answers(300, 0.8), isNewVersion, perMinute: 10 });
  expect(found.early).toBe(0);
  expect(found.answers).not.toBeNull();
  expect(found.answers).toBeLessThanOrEqual(100);
});

test("answers in the same words raise nothing", () => {
  const same = { before: answers(300, 0.1), after: answers(300, 0.1), perMinute: 10 };
  expect(watchEmbeddings({ ...same, isNewVersion: true })).toEqual({ answers: null, early: 0 });
  expect(watchEmbeddings({ ...same, isNewVersion: false })).toEqual({ answers: null, early: 0 });
});
