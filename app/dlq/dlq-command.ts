import type { Command } from "commander";
import type { Bus } from "../../bus/bus.ts";
import { processEnvironment } from "../../config/environment.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { randomIds } from "../../core/ids.ts";
import { parseDuration } from "../ask/parse-duration.ts";
import { createLog } from "../create-log.ts";
import { openDataFolder } from "../data-folder.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadSettings } from "../load-settings.ts";
import { createProgress } from "../progress.ts";
import type { ReportExit } from "../report-exit.ts";
import { lettersJson } from "./letters-json.ts";
import { lettersText } from "./letters-text.ts";
import { listLetters } from "./list-letters.ts";
import { redriveLetters } from "./redrive-letters.ts";
import { isWhole, redriveJson, redriveText } from "./redrive-report.ts";
import { filterLetters, pickLetters } from "./select-letters.ts";

interface ListFlags {
  readonly code?: string;
  readonly since?: string;
  readonly redriven?: boolean;
  readonly json?: boolean;
  readonly config?: string;
}

interface RedriveFlags {
  readonly all?: boolean;
  readonly code?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly config?: string;
}

/** Adds `plumbline dlq list` and `plumbline dlq redrive`. */
export const addDlqCommand = (program: Command, report: ReportExit): void => {
  const dlq = program
    .command("dlq")
    .description("dead letters: records that could not be processed, kept with the reason");
  dlq
    .command("list")
    .description("show the dead letters that were not sent again yet, oldest first")
    .option("--code <code>", "only letters with this error code")
    .option("--since <duration>", "only letters written in the last 90s, 15m, 24h, 7d (default: all)")
    .option("--redriven", "also letters that were sent again")
    .option("--json", "print one JSON object")
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)")
    .action(async (flags: ListFlags) => {
      process.stdout.write(await withBus(flags.config, (bus) => list(bus, flags)));
    });
  dlq
    .command("redrive")
    .description("send dead letters again to where they came from; each is counted once, however often it is sent")
    .argument("[ids...]", "ids as `dlq list` shows them; also of letters that were sent again")
    .option("--all", "every letter that was not sent again yet")
    .option("--code <code>", "of these only letters with this error code")
    .option("--dry-run", "tell what would be sent, and send nothing")
    .option("--json", "print one JSON object")
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)")
    .action(async (ids: readonly string[], flags: RedriveFlags) => {
      checkIds(ids, flags);
      report(await withBus(flags.config, (bus) => redrive(bus, ids, flags)));
    });
};

/** Lends the bus; it may be open in other processes, which go on meanwhile. */
const withBus = async <T>(configFile: string | undefined, work: (bus: Bus) => Promise<T>): Promise<T> => {
  const settings = loadSettings(configFile, processEnvironment());
  const folder = openDataFolder(settings.config.data.dir);
  // Loaded here, because every command and the gateway load this file, and few need a bus.
  const { openBus } = await import("../roles/open-bus.ts");
  const log = createLog("error", "dlq");
  const bus = await openBus({ settings, folder, clock: systemClock, ids: randomIds, log });
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
};

const list = async (bus: Bus, flags: ListFlags): Promise<string> => {
  const filter = {
    ...(flags.code === undefined ? {} : { code: flags.code }),
    ...(flags.since === undefined ? {} : { sinceMs: systemClock.nowMs() - parseDuration(flags.since) }),
  };
  const inScope = filterLetters(await listLetters(bus), { ...filter, withRedriven: true });
  const letters = filterLetters(inScope, { withRedriven: flags.redriven === true });
  const scope = `${flags.code === undefined ? "" : ` with code ${flags.code}`}${flags.since === undefined ? "" : ` of the last ${flags.since}`}`;
  return flags.json === true
    ? lettersJson(letters)
    : lettersText({ letters, scope, redriven: inScope.length - letters.length });
};

const redrive = async (bus: Bus, ids: readonly string[], flags: RedriveFlags): Promise<number> => {
  const known = await listLetters(bus);
  const meant = flags.all === true ? filterLetters(known, { withRedriven: false }) : pickLetters(known, ids);
  const filter = flags.code === undefined ? {} : { code: flags.code };
  const letters = filterLetters(meant, { ...filter, withRedriven: true });
  const isDryRun = flags.dryRun === true;
  const total = letters.length;
  const progress = createProgress({ total, target: process.stderr, nowMs: systemClock.monotonicMs });
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const outcomes = await redriveLetters({ bus, letters, isDryRun, progress, signal: interrupted.signal });
  const done = { outcomes, total, isDryRun };
  process.stdout.write(flags.json === true ? redriveJson(done) : redriveText(done));
  return isWhole(done) ? exitCodes.ok : exitCodes.failed;
};

const checkIds = (ids: readonly string[], { all }: RedriveFlags): void => {
  if ((all === true) === ids.length > 0) {
    throw new PlumblineError("cli.usage", "name the letters to send again by their ids, or give --all");
  }
  const wrong = ids.find((id) => !/^\d+:\d+$/.test(id));
  if (wrong !== undefined) {
    throw new PlumblineError("cli.usage", `"${wrong}" is no id of a dead letter; \`plumbline dlq list\` shows them`);
  }
};
