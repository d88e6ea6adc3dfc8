import { describe, expect, test } from "vitest";
import { replayRules } from "../../../alerts/rules/replay-rules.ts";
import { ruleFile, toRule } from "../../../alerts/rules/rule-schema.ts";
import { errors, minuteMs, setUpRules, startMs } from "./watched-rules.ts";

const rules = setUpRules();
const hour = 60 * minuteMs;

const replayed = (written: readonly unknown[], amounts: Readonly<Record<string, number>> = {}) => {
  const looks: string[] = [];
  const result = replayRules({
    rules: ruleFile.parse({ rules: written }).rules.map(toRule),
    store: rules.opened().store,
    fromMs: startMs - 24 * hour,
    toMs: startMs + 4 * hour,
    everyMs: 5 * minuteMs,
    amounts,
    maxSeries: 100,
    onLook: (done, total) => looks.push(`${done}/${total}`),
    signal: new AbortController().signal,
  });
  return { result, looks };
};

/** An outage of ten minutes, two hours after the beginning. */
const outage = async (): Promise<void> => {
  await rules.given(0, 40);
  rules.clock().advance(2 * hour);
  for (let minute = 0; minute < 10; minute += 1) {
    await rules.given(35, 40);
    rules.clock().advance(minuteMs);
  }
  await rules.given(0, 40);
};

describe("a replay", () => {
  test("tells what would have fired, when, and for how long", async () => {
    await outage();
    const budget = {
      name: "budget",
      question: "totals",
      window: "1h",
      threshold: { column: "cost_nanos", op: ">", value: 1, times: "hourly" },
    };
    const { result, looks } = replayed([{ ...errors, window: "5m", for: "5m" }, budget], { hourly: 0.3 });
    const { firings, problems, lastLookMs } = await result;
    expect(firings).toMatchObject([
      {
        rule: "errors",
        labels: { provider: "openai" },
        annotations: { summary: "87.5% of 200 calls to openai fail" },
        firedAtMs: startMs + 2 * hour + 10 * minuteMs,
        resolvedAtMs: startMs + 2 * hour + 15 * minuteMs,
      },
      { rule: "budget", resolvedAtMs: startMs + 3 * hour + 5 * minuteMs },
    ]);
    expect(problems).toEqual([]);
    expect(lastLookMs).toBe(startMs + 4 * hour);
    expect(looks.at(-1)).toBe("337/337");
  });

  test("goes on without a rule that fails or is off, and says why", async () => {
    const sql = "SELECT n FROM nowhere WHERE at BETWEEN {from:DateTime64(3)} AND {to:DateTime64(3)}";
    const threshold = { column: "n", op: ">", value: 0 };
    const broken = { name: "broken", sql, window: "5m", threshold };
    const off = {
      name: "off",
      question: "totals",
      window: "5m",
      threshold: { ...threshold, column: "calls", times: "none" },
    };
    await outage();
    const { firings, problems } = await replayed([broken, off, { ...errors, for: "0s" }]).result;
    expect(firings.map(({ rule }) => rule)).toEqual(["errors"]);
    expect(problems).toMatchObject([
      { rule: "broken", isOff: false, message: expect.stringContaining("nowhere") },
      { rule: "off", isOff: true },
    ]);
  });
});
