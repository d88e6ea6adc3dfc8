import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReadRows } from "../../../alerts/rules/read-answers.ts";
import { skipEmpty } from "../../../alerts/rules/skip-empty.ts";
import type { QuestionName } from "../../../store/questions.ts";

const minuteMs = 60_000;
const past = { fromMs: 0, toMs: 7 * 86_400_000 };

/** Answers as the store does: from whole minutes, with a row of zeros where a question always has one. */
const readerOf = (minutes: readonly number[]): { readonly read: ReadRows; readonly reads: () => number } => {
  let reads = 0;
  return {
    reads: () => reads,
    read: async ({ source, span }) => {
      reads += 1;
      const first = Math.floor(span.fromMs / minuteMs);
      const calls = minutes.filter((minute) => minute >= first && minute * minuteMs < span.toMs).length;
      const isOneRow = source.kind === "question" && source.question === "totals";
      return calls > 0 || isOneRow ? [{ route: "chat", calls: String(calls) }] : [];
    },
  };
};

const window = (question: QuestionName, fromMs: number, lengthMs: number) => ({
  source: { kind: "question", question, where: {} } as const,
  window: "w",
  span: { fromMs, toMs: Math.min(fromMs + lengthMs, past.toMs) },
});

test("what is skipped is answered as if it had been asked", async () => {
  const minutes = fc.array(fc.nat(7 * 1_440 - 1), { maxLength: 6 });
  const windows = fc.array(
    fc.record({ fromMs: fc.nat(past.toMs - 1), lengthMs: fc.integer({ min: 1, max: 90_000_000 }) }),
    { minLength: 1, maxLength: 8 },
  );
  const names = fc.constantFrom<QuestionName[]>("routes", "totals");
  await fc.assert(
    fc.asyncProperty(minutes, windows, names, async (at, wanted, question) => {
      const skipping = skipEmpty(readerOf(at).read, past);
      for (const { fromMs, lengthMs } of wanted) {
        const asked = window(question, fromMs, lengthMs);
        expect(await skipping(asked)).toEqual(await readerOf(at).read(asked));
      }
    }),
  );
});

test("a week with one busy minute is asked about a few times, not at every look", async () => {
  const reader = readerOf([5_000]);
  const skipping = skipEmpty(reader.read, past);
  for (let toMs = 300_000; toMs <= past.toMs; toMs += 300_000) {
    await skipping(window("routes", toMs - 300_000, 300_000));
  }
  expect(reader.reads()).toBeLessThan(60);
});
