import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePorts } from "../servers/free-ports.ts";

const plumbline = fileURLToPath(new URL("../../bin/plumbline.js", import.meta.url));

/** What is added to the configuration of a ring. */
interface RingExtras {
  /** Below `gateway:`, indented by two spaces. */
  readonly gateway: string;
  /** Inside the braces of `store:` and `processors:`, with a comma in front. */
  readonly store: string;
  readonly processors: string;
  /** All of `alerts:`. */
  readonly alerts: string;
}

/** A whole Plumbline in a folder of its own, on ports of its own; it can be started, killed and started again. */
export class Ring {
  readonly dir = mkdtempSync(join(tmpdir(), "plumbline-ring-"));
  readonly ports: { readonly gateway: number; readonly console: number; readonly sql: number };
  #child: ChildProcess | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #gatewayPid: number | null = null;
  #output = "";

  constructor(ports: Ring["ports"], extra: RingExtras) {
    this.ports = ports;
    writeFileSync(
      join(this.dir, "plumbline.yaml"),
      `store: { kind: embedded, http: { port: ${ports.sql} }${extra.store} }
console: { port: ${ports.console} }
processors: { lingerMs: 50${extra.processors} }
alerts: ${extra.alerts}
gateway:
  port: ${ports.gateway}
${extra.gateway}`,
    );
  }

  get gatewayUrl(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  get consoleUrl(): string {
    return `http://127.0.0.1:${this.ports.console}`;
  }

  /** Process that supervises and runs the pipeline. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Process of the gateway. */
  get gatewayPid(): number {
    return this.#gatewayPid ?? 0;
  }

  /** Everything the processes have written. */
  get output(): string {
    return this.#output;
  }

  /** Starts everything and waits until it serves. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [plumbline, "serve"], { cwd: this.dir, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.#ended = once(child, "exit");
    const isServing = new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          this.#output += `${line}\n`;
          this.#noteGateway(line);
          if (line.includes("Plumbline is running")) {
            resolve();
          }
        });
      }
      child.once("exit", (code) =>
        reject(new Error(`it ended with ${String(code)} before it served:\n${this.#output}`)),
      );
    });
    await isServing;
  }

  #noteGateway(line: string): void {
    const [, pid] = /"gatewayPid":(\d+),"msg":"gateway process started"/.exec(line) ?? [];
    this.#gatewayPid = pid === undefined ? this.#gatewayPid : Number(pid);
  }

  /** Tells it to stop and waits for its end; resolves with the exit code. */
  async stop(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<number | null> {
    this.#child?.kill(signal);
    await this.#ended;
    return this.#child?.exitCode ?? null;
  }

  /** Kills the supervising process at once and waits until it and its gateway are gone. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
    await untilGone(this.gatewayPid);
  }

  /** Runs `plumbline ARGS...` in the folder; resolves with its exit code and output. */
  run(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
    return runPlumbline(args, this.dir);
  }

  /** Ends what still runs and removes the folder. */
  async remove(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) {
      await this.kill();
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Makes a ring on free ports. */
export const createRing = async (extras: Partial<RingExtras> = {}): Promise<Ring> => {
  const [gateway = 0, page = 0, sql = 0] = await freePorts(3);
  const all = { gateway: "", store: "", processors: "", alerts: "{}", ...extras };
  return new Ring({ gateway, console: page, sql }, all);
};

/** Runs `plumbline ARGS...` in a folder; resolves with its exit code and output. */
const runPlumbline = async (
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> => {
  const child = spawn(process.execPath, [plumbline, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, out, err };
};

const textOf = async (stream: AsyncIterable<unknown>): Promise<string> => {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
  }
  return text;
};

/** Waits until a process is gone. A process that is not ours sends no event, so it has to be asked for. */
const untilGone = async (pid: number): Promise<void> => {
  while (pid !== 0 && isRunning(pid)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Whether a process is there, ours or not. */
export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
