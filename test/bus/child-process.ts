import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

/** A process that a test started. */
export interface TestProcess {
  readonly child: ChildProcess;
  /** Resolves with the first message, received by then or later, for which `pick` returns something. */
  readonly message: <T>(pick: (message: unknown) => T | undefined) => Promise<T>;
  readonly messages: readonly unknown[];
  /** Resolves when the process has ended, with its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Starts files of `fixtures/` as processes of their own, and kills after each test those that still run. */
export const processStarter = (): ((file: string, args: readonly string[], fileSizeLimit?: number) => TestProcess) => {
  const started: TestProcess[] = [];
  afterEach(async () => {
    for (const { child, exited } of started.splice(0)) {
      child.kill("SIGKILL");
      await exited;
    }
  });
  return (file, args, fileSizeLimit) => {
    const path = fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));
    const limit = fileSizeLimit === undefined ? "" : `ulimit -f ${fileSizeLimit} && `;
    const child = spawn("sh", ["-c", `${limit}exec "$@"`, "sh", process.execPath, path, ...args], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const process_ = watch(child);
    started.push(process_);
    return process_;
  };
};

const watch = (child: ChildProcess): TestProcess => {
  const messages: unknown[] = [];
  let complaints = "";
  child.stderr?.on("data", (chunk) => {
    complaints += String(chunk);
  });
  child.on("message", (message) => messages.push(message));
  const exited = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  return {
    child,
    messages,
    exited,
    message: async (pick) => {
      for (let index = 0; ; index += 1) {
        while (index >= messages.length) {
          const isOver = await Promise.race([once(child, "message").then(() => false), exited.then(() => true)]);
          if (isOver && index >= messages.length) throw new Error(`The process ended too early: ${complaints}`);
        }
        const picked = pick(messages[index]);
        if (picked !== undefined) return picked;
      }
    },
  };
};
