import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const plumbline = fileURLToPath(new URL("../../bin/plumbline.js", import.meta.url));

/** A `plumbline serve` in a process of its own, that can be killed, frozen and started again. */
export class Service {
  readonly name: string;
  readonly #dir: string;
  readonly #roles: readonly string[];
  #child: ChildProcess | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #gatewayPid = 0;

  /** `dir` holds the service's `plumbline.yaml`; what it says goes to `<name>.log` there. */
  constructor(name: string, args: { readonly dir: string; readonly roles: readonly string[] }) {
    this.name = name;
    this.#dir = args.dir;
    this.#roles = args.roles;
  }

  /** The process that was started; 0 before. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The gateway that an all-in-one service started last; 0 when there is none. */
  get gatewayPid(): number {
    return this.#gatewayPid;
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<void> {
    const roles = this.#roles.length === 0 ? [] : ["--roles", this.#roles.join(",")];
    const child = spawn(process.execPath, [plumbline, "serve", ...roles], {
      cwd: this.#dir,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#ended = once(child, "exit");
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          appendFileSync(join(this.#dir, `${this.name}.log`), `${line}\n`);
          this.#noteGateway(line);
          if (line.includes("Plumbline is running")) {
            resolve();
          }
        });
      }
      child.once("exit", (code) => reject(new Error(`${this.name} ended with ${String(code)} before it served`)));
    });
  }

  /** Kills it at once and waits until it, and a gateway of its own, are gone. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
    await untilGone(this.#gatewayPid);
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    this.thaw();
    this.#child?.kill("SIGTERM");
    await this.#ended;
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Whether the process has not ended. */
  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #noteGateway(line: string): void {
    const [, pid] = /"gatewayPid":(\d+),"msg":"gateway process started"/.exec(line) ?? [];
    this.#gatewayPid = pid === undefined ? this.#gatewayPid : Number(pid);
  }
}

/** A process that is not ours sends no event, so it has to be asked for. */
const untilGone = async (pid: number): Promise<void> => {
  while (pid !== 0 && exists(pid)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
