import { beforeEach, describe, expect, test } from "vitest";
import { loadRules } from "../../../alerts/rules/load-rules.ts";
import { rulesConfig } from "../../../alerts/rules/rules-config.ts";
import { factAt } from "../../store/feedback.ts";
import type { Watching } from "./watched-rules.ts";
import { minuteMs, setUpRules } from "./watched-rules.ts";

const setUp = setUpRules();
const loaded = loadRules({ dir: null, off: [] });
if (!loaded.ok) throw new Error("the shipped rules have mistakes");
const rules = loaded.rules.filter(({ name }) => name === "eval_regression");

const hourMs = 60 * minuteMs;

let watching: Watching;

beforeEach(() => {
  watching = setUp.watching([], { rules, config: rulesConfig.parse({ settleSeconds: 0 }) });
});

/** Scores of the week before and of the last hours, each alternating by 0.1 around its mean; resolves with what fires then. */
const firing = async (means: { readonly before: number; readonly now: number; readonly source?: string }) => {
  const nowMs = setUp.clock().nowMs();
  const scores = (count: number, mean: number, fromMs: number) =>
    Array.from({ length: count }, (_, index) =>
      factAt(index, {
        callId: (fromMs + index).toString(16).padStart(16, "0"),
        name: "faithfulness",
        source: means.source ?? "judge",
        value: mean + (index % 2 === 0 ? 0.1 : -0.1),
        at: fromMs + index,
      }),
    );
  await setUp.opened().store.saveFeedback(scores(200, means.before, nowMs - 72 * hourMs));
  await setUp.opened().store.saveFeedback(scores(100, means.now, nowMs - 3 * hourMs));
  let told = await watching.lookAfter(minuteMs);
  for (let minute = 0; minute < 12; minute += 1) told = await watching.lookAfter(minuteMs);
  return told.filter(({ status }) => status === "firing").map(({ labels }) => [labels["name"], labels["source"]]);
};

describe("the rule on scores", () => {
  test("tells of a mean that fell by more than a twentieth against the week before", async () => {
    expect(await firing({ before: 0.9, now: 0.7 })).toEqual([["faithfulness", "judge"]]);
  });

  test.each([
    { name: "as before", before: 0.9, now: 0.9 },
    { name: "a little lower", before: 0.9, now: 0.87 },
    { name: "lower by what may be chance", before: 0.5, now: 0.45 },
    { name: "higher", before: 0.5, now: 0.7 },
  ])("is silent where the mean is $name", async (means) => {
    expect(await firing(means)).toEqual([]);
  });

  test("leaves out what users say", async () => {
    expect(await firing({ before: 0.9, now: 0.3, source: "user" })).toEqual([]);
  });
});
