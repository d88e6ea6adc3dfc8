import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { processEnvironment } from "../../config/environment.ts";
import { systemClock } from "../../core/clock.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadSettings } from "../load-settings.ts";
import { createProgress } from "../progress.ts";
import type { ReportExit } from "../report-exit.ts";
import type { Ledger } from "./ledger.ts";
import { countRecorded, readRecording } from "./read-recording.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { replay } from "./replay.ts";
import { sendCall } from "./send-call.ts";

interface ReplayFlags {
  readonly speed: number;
  readonly route: string;
  readonly concurrency: number;
  readonly stream: boolean;
  readonly url?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds `plumbline replay FILE...`. */
export const addReplayCommand = (program: Command, report: ReportExit): void => {
  program
    .command("replay")
    .description("send recorded calls through the running gateway, which serves their recorded answers and latencies")
    .argument("<files...>", "JSON lines with query, answer, model and latency_s, plain or .gz")
    .option("--speed <n>", "how many times faster than recorded", positive, 1)
    .addOption(new Option("--via <entry>", "where the calls go in").choices(["gateway"]).default("gateway"))
    .option("--route <name>", "route whose target is a recorded provider", "replay")
    .option("--concurrency <n>", "most calls under way at once", whole, 32)
    .option("--no-stream", "ask for whole answers instead of streams")
    .option("--url <address>", "address of the gateway (default: from the configuration)")
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)")
    .option("--json", "print the ledger as one JSON object")
    .action(async (files: readonly string[], flags: ReplayFlags) => report(await runReplay(files, flags)));
};

const runReplay = async (files: readonly string[], flags: ReplayFlags): Promise<number> => {
  const baseUrl = flags.url ?? gatewayUrl(flags.config);
  const total = await countRecorded(files);
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const startedMs = systemClock.monotonicMs();
  const ledger = await replay({
    calls: callsOf(files),
    send: (call) =>
      sendCall(call, {
        baseUrl,
        route: flags.route,
        isStream: flags.stream,
        speed: flags.speed,
        signal: interrupted.signal,
      }),
    speed: flags.speed,
    concurrency: flags.concurrency,
    clock: systemClock,
    progress: createProgress({ total, target: process.stderr, nowMs: systemClock.monotonicMs }),
    signal: interrupted.signal,
  });
  const elapsedSeconds = (systemClock.monotonicMs() - startedMs) / 1000;
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(ledger)}\n` : ledgerText(ledger, { total, elapsedSeconds, flags }),
  );
  return ledger.answered === total ? exitCodes.ok : exitCodes.failed;
};

const gatewayUrl = (configFile: string | undefined): string => {
  const { host, port } = loadSettings(configFile, processEnvironment()).config.gateway;
  return `http://${host}:${port}`;
};

async function* callsOf(files: readonly string[]): AsyncGenerator<RecordedCall> {
  for (const file of files) {
    yield* readRecording(file);
  }
}

const ledgerText = (
  ledger: Ledger,
  run: { readonly total: number; readonly elapsedSeconds: number; readonly flags: ReplayFlags },
): string => {
  const rate = ledger.sent / Math.max(run.elapsedSeconds, 0.001);
  const failures = Object.entries(ledger.failures).map(([reason, count]) => `    ${count} x ${reason}\n`);
  return [
    `sent           ${ledger.sent} of ${run.total} recorded calls in ${run.elapsedSeconds.toFixed(1)} s (${rate.toFixed(0)}/s)\n`,
    `answered       ${ledger.answered}\n`,
    `failed         ${ledger.failed}\n`,
    ...failures,
    `input tokens   ${ledger.inputTokens}\n`,
    `output tokens  ${ledger.outputTokens}\n`,
    run.flags.speed === 1 ? "" : `latencies were served at 1/${run.flags.speed} of what was recorded\n`,
  ].join("");
};

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("it must be a number above 0");
  }
  return value;
};

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > 10_000) {
    throw new InvalidArgumentError("it must be a whole number from 1 to 10000");
  }
  return value;
};
