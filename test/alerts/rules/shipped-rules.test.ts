import { describe, expect, test } from "vitest";
import { loadRules, scenarioFilesIn, shippedDir } from "../../../alerts/rules/load-rules.ts";
import { scenarioFile } from "../../../alerts/rules/scenario-schema.ts";
import { testRules } from "../../../alerts/rules/test-rules.ts";
import { formatProblems, readConfig } from "../../../config/load-config.ts";

const loaded = loadRules({ dir: null, off: [] });
if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
const { rules } = loaded;

const files = scenarioFilesIn(shippedDir);
const tested = testRules(files, rules);
if (!tested.ok) throw new Error(formatProblems(tested.problems));

const scenarios = files.flatMap((file) => {
  const parsed = readConfig({ schema: scenarioFile, file, environment: {} });
  return parsed.ok ? parsed.config.scenarios : [];
});

test("there are rules, and scenarios of them", () => {
  expect(rules.length).toBeGreaterThanOrEqual(20);
  expect(tested.results.length).toBeGreaterThanOrEqual(20);
});

test.each(tested.results)("$scenario", ({ differences }) => {
  expect(differences).toEqual([]);
});

describe.each(rules)("the rule $name", ({ name, labels, annotations }) => {
  test("fires in a scenario, and in another look at it does not", () => {
    const looks = scenarios
      .filter(({ series }) => series.some(({ rule }) => rule === name))
      .flatMap(({ expect: expectations }) =>
        expectations.map(({ firing }) => firing.some(({ rule }) => rule === name)),
      );
    expect(looks).toContain(true);
  });

  test("says how bad it is, what happened and what was compared", () => {
    expect(["page", "ticket"]).toContain(labels["severity"]);
    expect(annotations["summary"]).toMatch(/\{\{ \w+ \}\}/);
    expect(annotations["description"]).toMatch(/\.$/);
  });
});
