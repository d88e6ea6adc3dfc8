import { existsSync } from "node:fs";
import type { RulesResult } from "../../alerts/rules/load-rules.ts";
import { loadRules, readRules, scenarioEnding } from "../../alerts/rules/load-rules.ts";
import type { Rule } from "../../alerts/rules/rule-schema.ts";
import type { RulesConfig } from "../../alerts/rules/rules-config.ts";
import type { ConfigProblem } from "../../config/load-config.ts";
import { formatProblems } from "../../config/load-config.ts";
import { PlumblineError } from "../../core/errors.ts";

/** Throws `rule.invalid` with every mistake in rules or scenarios. */
export const refuseProblems = (problems: readonly ConfigProblem[]): never => {
  const count = problems.length;
  throw new PlumblineError(
    "rule.invalid",
    `${count} ${count === 1 ? "mistake" : "mistakes"} in the alert rules:\n${formatProblems(problems)}`,
  );
};

/** The rules of a result; throws `rule.invalid` with every mistake. */
export const rulesOf = (result: RulesResult): readonly Rule[] =>
  result.ok ? result.rules : refuseProblems(result.problems);

/** The rules of a file, or with `all` those that run by the configuration. */
export const namedRules = (name: string, config: RulesConfig): readonly Rule[] =>
  rulesOf(name === "all" ? loadRules(config) : readRules([name]));

/** The rules that a scenario file is about: those of the rule file beside it, and of the others those that run. */
export const rulesBeside = (scenarioFile: string, running: readonly Rule[]): readonly Rule[] => {
  const file = scenarioFile.endsWith(scenarioEnding) ? `${scenarioFile.slice(0, -scenarioEnding.length)}.yaml` : null;
  const own = file !== null && existsSync(file) ? rulesOf(readRules([file])) : [];
  const names = new Set(own.map(({ name }) => name));
  return [...running.filter(({ name }) => !names.has(name)), ...own];
};
