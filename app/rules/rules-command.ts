import type { Command } from "commander";
import { readRules, scenarioEnding, scenarioFilesIn, shippedDir } from "../../alerts/rules/load-rules.ts";
import type { ScenarioResult } from "../../alerts/rules/test-rules.ts";
import { testRules } from "../../alerts/rules/test-rules.ts";
import { processEnvironment } from "../../config/environment.ts";
import { PlumblineError } from "../../core/errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadSettings } from "../load-settings.ts";
import type { ReportExit } from "../report-exit.ts";
import { namedRules, refuseProblems, rulesBeside, rulesOf } from "./named-rules.ts";
import type { ReplayFlags } from "./replay-command.ts";
import { replay } from "./replay-command.ts";
import { checkText, testText } from "./rules-text.ts";

interface RulesFlags {
  readonly config?: string;
}

const configOption = ["--config <file>", "configuration file (default: plumbline.yaml when it exists)"] as const;

const notation = `
A scenario file gives series to rules and says which alerts there are at which time (docs/alerts.md):
  5       one look at which the value is 5
  5x6     5, and six times 5 again: seven looks
  5+2x6   5, and six steps of 2: 5 7 9 11 13 15 17
  _ _x3   a look without data, and four of them`;

/** Adds `plumbline rules check`, `rules test` and `rules replay`. */
export const addRulesCommand = (program: Command, report: ReportExit): void => {
  const rules = program.command("rules").description("work with alert rules");
  rules
    .command("check")
    .description("check rule files; names every mistake at once, with file, line and rule")
    .argument("[files...]", "rule files (default: the shipped ones and those of alerts.rules.dir)")
    .option(...configOption)
    .action((files: readonly string[], flags: RulesFlags) => {
      process.stdout.write(check(files, flags));
    });
  rules
    .command("test")
    .description("run scenarios over rules; ends with 1 when one goes otherwise than it says")
    .argument(
      "[files...]",
      `files that end in ${scenarioEnding} (default: the shipped ones and those of alerts.rules.dir)`,
    )
    .option(...configOption)
    .addHelpText("after", notation)
    .action((files: readonly string[], flags: RulesFlags) => {
      const results = test(files, flags);
      process.stdout.write(testText(results));
      report(results.every(({ differences }) => differences.length === 0) ? exitCodes.ok : exitCodes.failed);
    });
  rules
    .command("replay")
    .description("run rules over what is stored; tells what would have fired")
    .argument("<file>", "a rule file, or `all` for the rules that run by the configuration")
    .option("--since <duration>", "how far back: 90s, 15m, 24h, 7d", "24h")
    .option("--every <duration>", "time between two looks (default: 1m up to a day back, else 5m)")
    .option("--json", "print one JSON object")
    .option(...configOption)
    .action(async (file: string, flags: ReplayFlags) => {
      report(await replay(file, flags));
    });
};

const check = (files: readonly string[], flags: RulesFlags): string => {
  const { config } = loadSettings(flags.config, processEnvironment());
  const { rules: settings } = config.alerts;
  const rules = files.length > 0 ? rulesOf(readRules(files)) : namedRules("all", settings);
  return checkText(rules, settings.amounts);
};

const test = (files: readonly string[], flags: RulesFlags): readonly ScenarioResult[] => {
  const { config } = loadSettings(flags.config, processEnvironment());
  const { dir } = config.alerts.rules;
  const other = files.find((file) => !file.endsWith(scenarioEnding));
  if (other !== undefined) {
    throw new PlumblineError("cli.usage", `${other} is no scenario file: its name does not end in ${scenarioEnding}`);
  }
  const running = namedRules("all", { ...config.alerts.rules, off: [] });
  const found = [...scenarioFilesIn(shippedDir), ...(dir === null ? [] : scenarioFilesIn(dir))];
  return (files.length > 0 ? files : found).flatMap((file) => {
    const tested = testRules([file], rulesBeside(file, running));
    return tested.ok ? tested.results : refuseProblems(tested.problems);
  });
};
