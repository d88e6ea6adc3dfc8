import { describe, expect, test } from "vitest";
import { ruleFile, toRule } from "../../../alerts/rules/rule-schema.ts";
import { runScenario } from "../../../alerts/rules/run-scenario.ts";
import { scenarioFile } from "../../../alerts/rules/scenario-schema.ts";

const { rules: written } = ruleFile.parse({
  rules: [
    {
      name: "slow",
      question: "models",
      by: ["model"],
      window: "5m",
      threshold: { column: "p95_ms", op: ">", value: 1000 },
      for: "15s",
      labels: { severity: "page" },
      annotations: { summary: "{{ model }} takes {{ value }}" },
    },
  ],
});
const rules = written.map(toRule);

const run = (expectation: unknown, series: unknown = {}) => {
  const given = { rule: "slow", labels: { model: "m" }, values: { p95_ms: "500 2000x3" } };
  const [scenario] = scenarioFile.parse({
    scenarios: [{ name: "s", series: [Object.assign(given, series)], expect: [expectation] }],
  }).scenarios;
  return scenario === undefined ? [] : runScenario(scenario, rules);
};

describe("a scenario", () => {
  const alert = { rule: "slow", labels: { model: "m" }, annotations: { summary: "m takes 2 s" } };

  test("that says what happens has no difference", () => {
    expect(run({ at: "0s" })).toEqual([]);
    expect(run({ at: "29s", pending: [alert] })).toEqual([]);
    expect(run({ at: "30s", firing: [alert] })).toEqual([]);
  });

  test.each([
    { wrong: "an alert that is not there", expectation: { at: "0s", firing: [alert] }, says: "firing expected slow" },
    { wrong: "an alert too few", expectation: { at: "30s" }, says: "firing not expected slow" },
    { wrong: "an alert twice", expectation: { at: "30s", firing: [alert, alert] }, says: "firing expected slow" },
    { wrong: "another state", expectation: { at: "30s", pending: [alert] }, says: "pending expected slow" },
    {
      wrong: "another label",
      expectation: { at: "30s", firing: [{ rule: "slow", labels: { severity: "ticket" } }] },
      says: 'firing expected slow {"severity":"ticket"}',
    },
    {
      wrong: "another text",
      expectation: { at: "30s", firing: [{ rule: "slow", annotations: { summary: "m is fine" } }] },
      says: "m is fine",
    },
    { wrong: "a resolution", expectation: { at: "0s", resolved: [alert] }, says: "resolved expected slow" },
    {
      wrong: "a rule that is not there",
      expectation: { at: "0s", firing: [{ rule: "fast" }] },
      says: 'no rule "fast"',
    },
  ])("that expects $wrong says so", ({ expectation, says }) => {
    expect(run(expectation).join("\n")).toContain(says);
  });

  test("whose series lacks a label of the rule says so", () => {
    expect(run({ at: "0s" }, { labels: {} })).toEqual(['a series of slow has no label "model"']);
  });

  test("whose series lacks the column of the rule cannot be run", () => {
    expect(() => run({ at: "0s" }, { values: { p96_ms: "5" } })).toThrow('no column "p95_ms"');
  });
});
