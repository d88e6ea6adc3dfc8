import { basename } from "node:path";
import { limitOf } from "../../alerts/rules/limit-of.ts";
import type { Rule } from "../../alerts/rules/rule-schema.ts";
import type { ScenarioResult } from "../../alerts/rules/test-rules.ts";

/** What is said of rules without a mistake: how many there are, and which are off for want of an amount. */
export const checkText = (rules: readonly Rule[], amounts: Readonly<Record<string, number>>): string => {
  const off = rules.filter(({ condition }) => limitOf(condition, amounts) === null).map(({ name }) => name);
  const lines = [
    ...off.map((name) => `${name} is off: it is a multiple of an amount that alerts.rules.amounts does not have`),
    `${rules.length} ${rules.length === 1 ? "rule is" : "rules are"} valid`,
  ];
  return lines.map((line) => `${line}\n`).join("");
};

/** How scenarios went: a line for each, with what was otherwise than it expects below. */
export const testText = (results: readonly ScenarioResult[]): string => {
  const lines = results.flatMap(({ file, scenario, differences }) => [
    `${differences.length === 0 ? "ok  " : "FAIL"}  ${basename(file)}: ${scenario}`,
    ...differences.map((difference) => `        ${difference}`),
  ]);
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  const summary = `${results.length - failed} of ${results.length} scenarios go as they say`;
  return [...lines, summary].map((line) => `${line}\n`).join("");
};
