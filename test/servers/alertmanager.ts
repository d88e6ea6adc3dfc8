import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePorts } from "./free-ports.ts";
import { logEnd } from "./log-end.ts";

const startLimitMs = 30_000;
const pollMs = 50;

/** An Alertmanager that runs on loopback, alone. */
export interface Alertmanager {
  readonly url: string;
  /** What its version 2 interface lists as alerts that fire. */
  readonly alerts: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Starts the Alertmanager at a path, which tells a webhook of every group after a second; resolves when it is ready. */
export const startAlertmanager = async (path: string, webhookUrl: string): Promise<Alertmanager> => {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-alertmanager-"));
  const [port] = await freePorts(1);
  const [configFile, logFile] = [join(dir, "alertmanager.yml"), join(dir, "alertmanager.log")];
  await writeFile(configFile, JSON.stringify(configOf(webhookUrl)));
  const log = openSync(logFile, "w");
  const url = `http://127.0.0.1:${port}`;
  const args = [`--config.file=${configFile}`, `--storage.path=${dir}`, `--web.listen-address=127.0.0.1:${port}`];
  // The kernel kills it when this process dies, however that comes about.
  const command = ["--pdeathsig", "KILL", path, ...args, "--cluster.listen-address="];
  const child = spawn("setpriv", command, { stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = once(child, "exit").catch(() => {});
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  for (const untilMs = performance.now() + startLimitMs; !(await isReady(url)); await pause(pollMs)) {
    if (!isRunning(child) || performance.now() > untilMs) {
      const text = readFileSync(logFile, "utf8");
      await stop();
      throw new Error(`Alertmanager did not start. Its log ends with:\n${logEnd(text)}`);
    }
  }
  return { url, stop, alerts: async () => (await fetch(`${url}/api/v2/alerts?active=true`)).json() };
};

const configOf = (webhookUrl: string) => ({
  route: { receiver: "hook", group_by: ["route"], group_wait: "1s", group_interval: "1s", repeat_interval: "1h" },
  receivers: [{ name: "hook", webhook_configs: [{ url: webhookUrl, send_resolved: true }] }],
});

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false;
  }
};

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;
