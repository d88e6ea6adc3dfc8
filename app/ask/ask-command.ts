import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { processEnvironment } from "../../config/environment.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { randomIds } from "../../core/ids.ts";
import type { QuestionName } from "../../store/questions.ts";
import { questionNames, questions } from "../../store/questions.ts";
import { createLog } from "../create-log.ts";
import { openDataFolder } from "../data-folder.ts";
import { loadSettings } from "../load-settings.ts";
import { answerJson } from "./answer-json.ts";
import { answerText } from "./answer-text.ts";
import { parseDuration } from "./parse-duration.ts";

interface AskFlags {
  readonly since: string;
  readonly where: Readonly<Record<string, string>>;
  readonly step?: string;
  readonly json?: boolean;
  readonly config?: string;
}

/** About this many points come back where no step is given. */
const defaultPoints = 60;

/** Adds `plumbline ask QUESTION`. */
export const addAskCommand = (program: Command): void => {
  const list = questionNames.map((name) => `  ${name.padEnd(14)}${questions[name].description}`).join("\n");
  program
    .command("ask")
    .description("answer a named question of the store")
    .argument("<question>", "one of the questions listed below")
    .option("--since <duration>", "how far back: 90s, 15m, 24h, 7d", "24h")
    .option("--where <key=value>", "only calls of this route, model, ...; may be repeated", collectWhere, {})
    .option("--step <duration>", "width of a time bucket (default: a sixtieth of the range)")
    .option("--json", "print one JSON object")
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)")
    .addHelpText("after", `\nQuestions:\n${list}`)
    .action(async (question: string, flags: AskFlags) => {
      process.stdout.write(await ask(question, flags));
    });
};

const ask = async (name: string, flags: AskFlags): Promise<string> => {
  if (!isQuestion(name)) {
    throw new PlumblineError(
      "store.unknown_question",
      `"${name}" is no question; ask one of ${questionNames.join(", ")}`,
    );
  }
  const sinceMs = parseDuration(flags.since);
  const toMs = systemClock.nowMs() + 1;
  const fromMs = toMs - sinceMs;
  const stepMs = flags.step === undefined ? sinceMs / defaultPoints : parseDuration(flags.step);
  const settings = loadSettings(flags.config, processEnvironment());
  const folder = openDataFolder(settings.config.data.dir);
  // Loaded here, because every command and the gateway load this file, and few need a database.
  const { openReadStore } = await import("../roles/open-store.ts");
  const { store, close } = await openReadStore({
    settings,
    folder,
    clock: systemClock,
    ids: randomIds,
    log: createLog("error", "ask"),
  });
  try {
    const stepSeconds = Math.max(Math.round(stepMs / 1000), 1);
    const rows = await store.ask(name, { fromMs, toMs, stepSeconds, where: flags.where });
    const { columns } = questions[name];
    return flags.json === true
      ? answerJson({ question: name, fromMs, toMs, columns, rows })
      : answerText(columns, rows);
  } finally {
    await close();
  }
};

const isQuestion = (name: string): name is QuestionName => questionNames.some((known) => known === name);

const collectWhere = (text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const split = text.indexOf("=");
  if (split < 1) {
    throw new InvalidArgumentError("write it as key=value");
  }
  return { ...before, [text.slice(0, split)]: text.slice(split + 1) };
};
