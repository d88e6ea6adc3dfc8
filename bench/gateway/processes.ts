import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { processEnvironment } from "../../config/environment.ts";

const taskset = "/usr/bin/taskset";

/** Whether processes can be pinned to a core here. */
export const canPin = existsSync(taskset);

/** A process of the bench. */
export interface BenchProcess {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Starts a file on one core and waits for its first message, unless it sends none. */
export const startPinned = async (args: {
  /** Beside this one, or absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly core: number;
  readonly cwd?: string;
  readonly nodeFlags?: readonly string[];
  /** Beside the variables of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly tellsReady?: boolean;
}): Promise<BenchProcess> => {
  const from = args.file.startsWith("/") ? pathToFileURL("/") : import.meta.url;
  const file = fileURLToPath(new URL(args.file, from));
  const node = [process.execPath, ...(args.nodeFlags ?? []), file, ...args.args];
  const [command = "", ...rest] = canPin ? [taskset, "-c", String(args.core), ...node] : node;
  const child = spawn(command, rest, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...processEnvironment(), ...args.environment },
    ...(args.cwd === undefined ? {} : { cwd: args.cwd }),
  });
  const exit = once(child, "exit");
  if (args.tellsReady === false) {
    return { pid: child.pid ?? 0, stop: () => stop(child, exit) };
  }
  await Promise.race([
    once(child, "message"),
    exit.then(([code]) => {
      throw new Error(`${args.file} ended with ${String(code)} before it was ready`);
    }),
  ]);
  return { pid: child.pid ?? 0, stop: () => stop(child, exit) };
};

const stop = async (child: ChildProcess, exit: Promise<unknown>): Promise<void> => {
  child.kill("SIGTERM");
  await exit;
};

/** Resident memory of a process in megabytes, from the kernel; NaN where /proc is absent. */
export const residentMb = (pid: number): number => {
  const file = `/proc/${pid}/status`;
  const kilobytes = existsSync(file) ? /VmRSS:\s+(\d+) kB/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1024;
};
