import type { ConfigProblem } from "../../config/load-config.ts";
import { readConfig } from "../../config/load-config.ts";
import { messageOf } from "../../core/errors.ts";
import type { Rule } from "./rule-schema.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario } from "./scenario-schema.ts";
import { scenarioFile } from "./scenario-schema.ts";

/** How a scenario went: what was otherwise than it expects. */
export interface ScenarioResult {
  readonly file: string;
  readonly scenario: string;
  readonly differences: readonly string[];
}

/** What came of the scenarios of some files, or every mistake in the files. */
export type ScenarioResults =
  | { readonly ok: true; readonly results: readonly ScenarioResult[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Runs all scenarios of some files over the rules. */
export const testRules = (files: readonly string[], rules: readonly Rule[]): ScenarioResults => {
  const parsed = files.map((file) => ({
    file,
    result: readConfig({ schema: scenarioFile, file, environment: {} }),
  }));
  const problems = parsed.flatMap(({ result }) => (result.ok ? [] : result.problems));
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  const results = parsed.flatMap(({ file, result }) =>
    result.ok
      ? result.config.scenarios.map((scenario) => ({
          file,
          scenario: scenario.name,
          differences: differencesIn(scenario, rules),
        }))
      : [],
  );
  return { ok: true, results };
};

/** What a rule cannot read of a scenario is a difference like any other. */
const differencesIn = (scenario: Scenario, rules: readonly Rule[]): readonly string[] => {
  try {
    return runScenario(scenario, rules);
  } catch (error) {
    return [messageOf(error)];
  }
};
