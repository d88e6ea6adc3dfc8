import { describe, expect, test } from "vitest";
import { limitOf } from "../../../alerts/rules/limit-of.ts";
import { ruleFile, toRule } from "../../../alerts/rules/rule-schema.ts";
import type { RuleStep, TrackedAlerts } from "../../../alerts/rules/step-rule.ts";
import { stepRule } from "../../../alerts/rules/step-rule.ts";
import type { AnswerRow } from "../../../store/store.ts";

const startMs = Date.UTC(2026, 0, 5);

/** Looks at a rule once for each answer, every 15 s. */
const looks = (written: object, answers: readonly (readonly AnswerRow[])[], maxSeries = 10): readonly RuleStep[] => {
  const base = { name: "few_calls", question: "routes", by: ["route"], window: "5m" };
  const [rule] = ruleFile.parse({ rules: [{ ...base, ...written }] }).rules.map(toRule);
  if (rule === undefined) throw new Error("no rule");
  const limit = limitOf(rule.condition, {}) ?? Number.NaN;
  let alerts: TrackedAlerts = new Map();
  return answers.map((now, index) => {
    const nowMs = startMs + index * 15_000;
    const step = stepRule({
      ...{ rule, limit, alerts, nowMs, maxSeries, longestGapMs: 60_000 },
      answers: { kind: "threshold", now, before: [] },
    });
    alerts = step.alerts;
    return step;
  });
};

const firingIn = ({ alerts }: RuleStep): readonly string[] =>
  [...alerts.values()]
    .filter(({ state }) => state === "firing")
    .map(({ labels }) => labels["route"] ?? "nothing at all");

const threshold = { column: "calls", op: "<", value: 5 };
const chat = { route: "chat", calls: "9" };
const search = { route: "search", calls: "9" };

describe("a rule whose series vanish", () => {
  test("tells of the one that vanished where no data stands for 0, and of the others not", () => {
    const steps = looks({ threshold, no_data: { policy: "zero" } }, [[chat, search], [chat], [chat, search]]);
    expect(steps.map(firingIn)).toEqual([[], ["search"], []]);
  });

  test.each(["zero", "alert"])(
    "tells of nothing at all where no series was ever seen and the policy is %s",
    (policy) => {
      const steps = looks({ threshold, no_data: { policy } }, [[], [], [chat], []]);
      expect(steps.map(firingIn)).toEqual([["nothing at all"], ["nothing at all"], [], ["chat"]]);
    },
  );

  test("says nothing of nothing where no data is ok", () => {
    expect(looks({ threshold }, [[], [chat], []]).map(firingIn)).toEqual([[], [], []]);
  });

  test("of one series is the same alert with data and without", () => {
    const steps = looks({ by: [], threshold, no_data: { policy: "alert" } }, [[], [{ calls: "2" }], []]);
    expect(steps.map(({ alerts }) => alerts.size)).toEqual([1, 1, 1]);
    expect(steps.map(({ changes }) => changes.map(({ reason }) => reason))).toEqual([["fired"], [], []]);
  });
});

describe("a rule with more series than it may watch", () => {
  const rows = Array.from({ length: 5 }, (_, index) => ({ route: `r${index}`, calls: index === 4 ? "1" : "9" }));

  test("watches those over the limit first, and counts those that it drops", () => {
    const [step] = looks({ threshold }, [rows], 2);
    expect(step?.droppedSeries).toBe(3);
    expect(step === undefined ? [] : firingIn(step)).toEqual(["r4"]);
  });

  test("keeps to those that have an alert", () => {
    const [, step] = looks(
      { threshold, keep_firing_for: "5m" },
      [rows, rows.map((row) => ({ ...row, calls: "1" }))],
      1,
    );
    expect(step === undefined ? [] : firingIn(step)).toEqual(["r4"]);
  });
});

describe("what is compared", () => {
  const over = (written: object, row: AnswerRow): boolean =>
    looks({ threshold: written }, [[{ route: "chat", ...row }]]).some((step) => firingIn(step).length > 0);

  test.each([
    { op: ">", at: false, above: true, below: false },
    { op: ">=", at: true, above: true, below: false },
    { op: "<", at: false, above: false, below: true },
    { op: "<=", at: true, above: false, below: true },
  ])("$op compares as it says", ({ op, at, above, below }) => {
    const of = (calls: string): boolean => over({ column: "calls", op, value: 5 }, { calls });
    expect([of("5"), of("6"), of("4")]).toEqual([at, above, below]);
  });

  test("a share is over its limit when its confidence bound is", () => {
    const share = { share: { of: "errors", among: "calls" }, op: ">", value: 0.1 };
    expect(over(share, { errors: "1", calls: "3" })).toBe(false);
    expect(over(share, { errors: "100", calls: "300" })).toBe(true);
    expect(over(share, { errors: "33", calls: "300" })).toBe(false);
    expect(over({ ...share, op: "<", value: 0.9 }, { errors: "2", calls: "3" })).toBe(false);
    expect(over({ ...share, op: "<", value: 0.9 }, { errors: "200", calls: "300" })).toBe(true);
    expect(over(share, { errors: "0", calls: "0" })).toBe(false);
  });

  test("money is compared in dollars", () => {
    const cost = { column: "success_cost_nanos", op: ">", value: 0.5 };
    expect(over(cost, { success_cost_nanos: "600000000" })).toBe(true);
    expect(over(cost, { success_cost_nanos: "400000000" })).toBe(false);
  });

  test("of several rows of a series the worst one counts", () => {
    const rows = [chat, { ...chat, calls: "2" }, chat];
    expect(looks({ threshold }, [rows]).map(firingIn)).toEqual([["chat"]]);
  });

  test("what is no number is no data, and text is a mistake", () => {
    for (const calls of [null, "", "nan", "-inf", Number.NaN]) expect(over(threshold, { calls })).toBe(false);
    expect(() => over(threshold, { calls: "many" })).toThrow('column "calls" holds no number');
  });
});
