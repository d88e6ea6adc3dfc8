import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConfigProblem } from "../../config/load-config.ts";
import { readConfig } from "../../config/load-config.ts";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { Rule } from "./rule-schema.ts";
import { ruleFile, toRule } from "./rule-schema.ts";

/** The folder of the rules that come with Plumbline. */
export const shippedDir = fileURLToPath(new URL(".", import.meta.url));

/** What the scenarios of `latency.yaml` are called: `latency.scenarios.yaml`, beside it. */
export const scenarioEnding = ".scenarios.yaml";

/** The rules of some files, or every mistake in them. */
export type RulesResult =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** The rule files of a folder in the order of their names, without their scenarios. */
export const ruleFilesIn = (dir: string): readonly string[] =>
  filesIn(dir).filter((file) => file.endsWith(".yaml") && !file.endsWith(scenarioEnding));

/** The scenario files of a folder, in the order of their names. */
export const scenarioFilesIn = (dir: string): readonly string[] =>
  filesIn(dir).filter((file) => file.endsWith(scenarioEnding));

/** Reads rule files: every mistake of all of them at once, each with file, line, path and rule. */
export const readRules = (files: readonly string[]): RulesResult => {
  const rules: Rule[] = [];
  const problems: ConfigProblem[] = [];
  for (const file of files) {
    const result = readConfig({ schema: ruleFile, file, environment: {} });
    if (!result.ok) {
      problems.push(...result.problems);
      continue;
    }
    for (const rule of result.config.rules.map(toRule)) {
      if (rules.some(({ name }) => name === rule.name)) {
        problems.push({
          file,
          line: null,
          path: "rules",
          entry: rule.name,
          message: "another file has a rule of this name",
        });
      }
      rules.push(rule);
    }
  }
  return problems.length === 0 ? { ok: true, rules } : { ok: false, problems };
};

/**
 * Reads the shipped rules and those of a folder of one's own, null for none. A rule of one's own takes the place of the shipped
 * one of its name; rules that are `off` are left out.
 */
export const loadRules = (args: { readonly dir: string | null; readonly off: readonly string[] }): RulesResult => {
  const shipped = readRules(ruleFilesIn(shippedDir));
  const own = readRules(args.dir === null ? [] : ruleFilesIn(args.dir));
  if (!shipped.ok || !own.ok) {
    return { ok: false, problems: [shipped, own].flatMap((part) => (part.ok ? [] : part.problems)) };
  }
  const replaced = new Set(own.rules.map(({ name }) => name));
  const rules = [...shipped.rules.filter(({ name }) => !replaced.has(name)), ...own.rules];
  const unknown = args.off.filter((name) => !rules.some((rule) => rule.name === name));
  if (unknown.length > 0) {
    return { ok: false, problems: unknown.map(unknownOff) };
  }
  return { ok: true, rules: rules.filter(({ name }) => !args.off.includes(name)) };
};

const unknownOff = (name: string): ConfigProblem => ({
  file: "(configuration)",
  line: null,
  path: "alerts.rules.off",
  entry: null,
  message: `there is no rule "${name}"`,
});

const filesIn = (dir: string): readonly string[] => {
  try {
    return readdirSync(dir)
      .toSorted()
      .map((name) => join(dir, name));
  } catch (error) {
    throw new PlumblineError("config.unreadable", `${dir} cannot be read: ${messageOf(error)}`, { cause: error });
  }
};
