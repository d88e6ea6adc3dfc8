import { expect, test } from "vitest";
import { noiseFrom } from "../../../bench/drift/noise.ts";
import type { Output } from "../../../bench/drift/read-outputs.ts";
import { shuffled } from "../../../bench/drift/shuffled.ts";
import { watchOutputs } from "../../../bench/drift/watch-outputs.ts";
import { driftConfig } from "../../../processors/drift-config.ts";

const config = driftConfig.parse({});
const { normal } = noiseFrom("answers");
const answers = (count: number, mean: number): readonly Output[] =>
  Array.from({ length: count }, () => {
    const tokens = Math.exp(mean + 0.5 * normal());
    return { "answer_tokens@1": tokens, "answer_words@1": tokens * 0.75, "answer_language@1=en": 1 };
  });

test("outputs that are shorter are found within 30, whether or not the version is told, and measures that moved are named", () => {
  const outputs = { before: answers(600, 5), after: answers(300, 3), perMinute: 10, config };
  const told = watchOutputs({ ...outputs, isNewVersion: true });
  expect(told.answers).toBeLessThanOrEqual(20);
  expect(told.measures.toSorted()).toEqual(["answer_tokens@1", "answer_words@1"]);
  const silent = watchOutputs({ ...outputs, isNewVersion: false });
  expect(silent.answers).toBeLessThanOrEqual(30);
  expect(silent.early).toBe(0);
});

test("outputs of one kind raise nothing in 20 orders", () => {
  const all = answers(800, 5);
  const found = Array.from({ length: 20 }, (_, order) => {
    const dealt = shuffled(all, `order ${order}`);
    return watchOutputs({
      before: dealt.slice(400),
      after: dealt.slice(0, 400),
      isNewVersion: true,
      perMinute: 20,
      config,
    });
  });
  expect(found.filter((result) => result.answers !== null)).toEqual([]);
});

test("shuffling keeps every value, and a seed gives one order", () => {
  const values = Array.from({ length: 50 }, (_, index) => index);
  expect(shuffled(values, "a")).toEqual(shuffled(values, "a"));
  expect(shuffled(values, "a")).not.toEqual(shuffled(values, "b"));
  expect(shuffled(values, "a").toSorted((a, b) => a - b)).toEqual(values);
});
