import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { processEnvironment } from "../config/environment.ts";
import { errorCodes, PlumblineError } from "../core/errors.ts";
import type { Running, Runtime } from "./runtime.ts";

/** What a gateway process tells the process that started it. */
export const gatewayMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), lines: z.array(z.string()) }),
  z.object({ kind: z.literal("failed"), code: z.string(), message: z.string() }),
]);

/** What a gateway process tells the process that started it. */
export type GatewayMessage = z.infer<typeof gatewayMessage>;

/**
 * How Node is started for a gateway. Its young generation may grow to three times 16 MB and no further: left alone it takes 128 MB
 * under load, for calls that live some milliseconds.
 */
export const gatewayFlags = ["--max-semi-space-size=16"] as const;

/**
 * What the allocator of glibc is told. V8's compiler takes and gives back tens of megabytes in blocks of 32 KiB, which its arenas
 * would keep for good: blocks of that size come from the system and go back to it. Other allocators do not read it.
 */
export const gatewayEnvironment = { MALLOC_MMAP_THRESHOLD_: "32768" } as const;

const restartPauseMs = 200;
const maxRestartPauseMs = 10_000;

/**
 * Runs the gateway in a process of its own, so that the pipeline never costs a caller latency, and starts it again
 * whenever it dies. The first start must succeed: a port in use is the operator's to mend.
 */
export const startGatewayProcess = async (runtime: Runtime): Promise<Running> => {
  const supervisor = new GatewaySupervisor(runtime);
  const lines = await supervisor.start();
  return { lines, stop: () => supervisor.stop() };
};

class GatewaySupervisor {
  readonly #runtime: Runtime;
  #child: ChildProcess | null = null;
  #exit: Promise<unknown> = Promise.resolve();
  #pauseMs = restartPauseMs;
  readonly #stopping = new AbortController();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  async start(): Promise<readonly string[]> {
    const child = this.#fork();
    const first = await firstMessage(child);
    if (first.kind === "failed") {
      this.#stopping.abort();
      await this.#exit;
      throw new PlumblineError(isErrorCode(first.code) ? first.code : "gateway.internal", first.message);
    }
    return first.lines;
  }

  /** Ends the gateway; it finishes its calls and ships their records first. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#child?.connected === true) {
      this.#child.send("stop");
    }
    await this.#exit;
  }

  #fork(): ChildProcess {
    const { settings, log } = this.#runtime;
    const args = ["serve", "--roles", "gateway", ...(settings.file === null ? [] : ["--config", settings.file])];
    const child = fork(fileURLToPath(new URL("../bin/plumbline.js", import.meta.url)), args, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: [...process.execArgv, ...gatewayFlags],
      env: { ...gatewayEnvironment, ...processEnvironment() },
    });
    this.#child = child;
    this.#exit = endOf(child).then(async (reason) => {
      if (!this.#stopping.signal.aborted) {
        log.error({ gatewayPid: child.pid, reason, pauseMs: this.#pauseMs }, "the gateway died; starting it again");
        await this.#restart();
      }
    });
    log.info({ gatewayPid: child.pid }, "gateway process started");
    return child;
  }

  async #restart(): Promise<void> {
    await this.#runtime.clock.sleep(this.#pauseMs, this.#stopping.signal);
    if (this.#stopping.signal.aborted) {
      return;
    }
    this.#pauseMs = Math.min(this.#pauseMs * 2, maxRestartPauseMs);
    const child = this.#fork();
    const message = await firstMessage(child);
    if (message.kind === "ready") {
      this.#pauseMs = restartPauseMs;
    }
  }
}

/** Resolves when a process has ended, or could not be started, with the reason. */
const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once("error", (error) => resolve(error.message));
  });

/** The first message of a gateway process; its death before any counts as failure. */
const firstMessage = async (child: ChildProcess): Promise<GatewayMessage> => {
  const ended = new AbortController();
  const died = endOf(child).then((reason): GatewayMessage => {
    return {
      kind: "failed",
      code: "gateway.internal",
      message: `the gateway process ended before it was ready: ${reason}`,
    };
  });
  const said = once(child, "message", { signal: ended.signal }).then(([message]) => gatewayMessage.parse(message));
  try {
    return await Promise.race([said, died]);
  } finally {
    ended.abort();
    await said.catch(() => {});
  }
};

const isErrorCode = (code: string): code is keyof typeof errorCodes => Object.hasOwn(errorCodes, code);
