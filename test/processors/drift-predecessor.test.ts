import { expect, test } from "vitest";
import { predecessorOf } from "../../processors/drift-predecessor.ts";
import type { SeenMinute } from "../../processors/drift-series.ts";

const minute = (model: string, prompt: string): SeenMinute => ({
  ...{ tenant: "acme", route: "chat", variant: "openai", measure: "answer_tokens@1", isCategory: false },
  ...{ model, prompt, minuteMs: 10_000_000_000, n: 1, sum: 1, values: { 0: 1 }, strata: {} },
});

const own = { from: "", values: { 0: 100 }, strata: {}, sum: 100 };

const known = (model: string, prompt: string, minutesBefore = 1) => ({
  ...{ model, prompt, lastMinuteMs: 10_000_000_000 - minutesBefore * 60_000 },
  state: { isCategory: false, own, pass: null, passes: 0, isAlarmed: false },
});

test.each([
  [
    "the version before",
    ["b-2", "1f"],
    { series: [known("b-1", "1f"), known("b-2", "2e")], from: "the version before, b-1" },
  ],
  [
    "the prompt before",
    ["b-2", "1f"],
    { series: [known("b-2", "2e")], from: "before the prompt changed from 2e to 1f" },
  ],
  [
    "no prompt before",
    ["b-2", "1f"],
    { series: [known("b-2", "")], from: "before the prompt changed from none to 1f" },
  ],
  ["two prompts before", ["b-2", "1f"], { series: [known("b-2", "2e"), known("b-2", "3d")], from: null }],
  [
    "a prompt of the day before",
    ["b-2", "1f"],
    { series: [known("b-2", "2e"), known("b-2", "3d", 2_000)], from: "before the prompt changed from 2e to 1f" },
  ],
  ["a prompt of a week before", ["b-2", "1f"], { series: [known("b-2", "2e", 10_000)], from: null }],
  [
    "the last version by name",
    ["b-2", "p@3"],
    {
      series: [known("b-2", "p@1", 9_000), known("b-2", "p@2", 8_000), known("b-2", "q@9")],
      from: "before the prompt changed from p@2 to p@3",
    },
  ],
  ["another name", ["b-2", "p@1"], { series: [known("b-2", "q@1")], from: null }],
  [
    "another model and another prompt",
    ["b-2", "1f"],
    { series: [known("b-1", "2e")], from: "the version before, b-1; the prompt changed as well, from 2e to 1f" },
  ],
  ["what is together", ["b-2", "1f"], { series: [known("b-2", "other"), known("b-2", "probe")], from: null }],
  [
    "probes of a version before",
    ["b-2", "probe"],
    { series: [known("b-1", "probe"), known("b-2", "1f")], from: "the version before, b-1" },
  ],
  ["probes without one", ["b-2", "probe"], { series: [known("b-2", "1f")], from: null }],
  ["what comes in the same minute", ["b-2", "1f"], { series: [known("b-2", "2e", 0)], from: null }],
] as const)(
  "after %s a series of %s is held against it, or against nothing",
  (_, [model, prompt], { series, from }) => {
    const found = predecessorOf({
      minute: minute(model, prompt),
      known: series,
      promptsNow: new Set(),
      leastAnswers: 100,
    });
    expect(found?.from ?? null).toBe(from);
  },
);

test("a prompt that is still in use is told to be so", () => {
  const promptsNow = new Set(["1f", "2e"]);
  const found = predecessorOf({ minute: minute("b", "1f"), known: [known("b", "2e")], promptsNow, leastAnswers: 100 });
  expect(found?.from).toBe("the prompt 2e, which is in use beside 1f");
});

test("a version before with too few answers is nothing to be held against", () => {
  const args = { minute: minute("b-2", "1f"), known: [known("b-1", "1f")], promptsNow: new Set<string>() };
  expect(predecessorOf({ ...args, leastAnswers: 101 })).toBeNull();
});
