import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { logEnd } from "./log-end.ts";

const startLimitMs = 60_000;
const stopLimitMs = 30_000;
const pollMs = 50;
const readyText = "Everything is ready";

/** A Collector that runs. */
export interface Collector {
  /** Ends it, in order when it does so in time: what it has read is handed on and its files are closed. */
  readonly stop: () => Promise<void>;
}

/** Starts a Collector in a folder with a configuration; resolves when its pipelines run. */
export const startCollector = async (args: {
  readonly path: string;
  readonly dir: string;
  readonly config: unknown;
}): Promise<Collector> => {
  const [configFile, logFile] = [join(args.dir, "collector.yaml"), join(args.dir, "collector.log")];
  await writeFile(configFile, JSON.stringify(args.config, null, 2));
  const log = openSync(logFile, "w");
  // The kernel kills the Collector when this process dies, however that comes about.
  const command = ["--pdeathsig", "KILL", args.path, `--config=file:${configFile}`];
  const child = spawn("setpriv", command, { stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = once(child, "exit").catch(() => {});
  const stop = (): Promise<void> => stopProcess(child, ended);
  for (const untilMs = performance.now() + startLimitMs; ; ) {
    const text = readFileSync(logFile, "utf8");
    if (text.includes(readyText)) return { stop };
    if (!isRunning(child) || performance.now() > untilMs) {
      await stop();
      throw new Error(`The OpenTelemetry Collector did not start. Its log ends with:\n${logEnd(text)}`);
    }
    await pause(pollMs);
  }
};

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

const stopProcess = async (child: ChildProcess, ended: Promise<unknown>): Promise<void> => {
  if (!isRunning(child)) return;
  child.kill("SIGTERM");
  const limit = new AbortController();
  const isLate = pause(stopLimitMs, true, { signal: limit.signal }).catch(() => false);
  if (await Promise.race([isLate, ended.then(() => false)])) child.kill("SIGKILL");
  limit.abort();
  await ended;
};
