import type { Command } from "commander";
import { addAlertsCommand } from "./alerts/alerts-command.ts";
import { addAskCommand } from "./ask/ask-command.ts";
import { addBaselineCommand } from "./baseline/baseline-command.ts";
import { addCanaryCommand } from "./canary/canary-command.ts";
import { addConfigCommand } from "./config-command.ts";
import { addDlqCommand } from "./dlq/dlq-command.ts";
import { addKeysCommand } from "./keys/keys-command.ts";
import { addReplayCommand } from "./replay/replay-command.ts";
import type { ReportExit } from "./report-exit.ts";
import { addRulesCommand } from "./rules/rules-command.ts";

/** Adds every command but `serve`. */
export const addCommands = (program: Command, report: ReportExit): void => {
  addConfigCommand(program);
  addKeysCommand(program);
  addReplayCommand(program, report);
  addAskCommand(program);
  addDlqCommand(program, report);
  addAlertsCommand(program);
  addCanaryCommand(program, report);
  addBaselineCommand(program);
  addRulesCommand(program, report);
};
