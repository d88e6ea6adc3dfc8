import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { aliveBrokers } from "./alive-brokers.ts";
import { logEnd } from "./log-end.ts";

const pollMs = 50;
const stopLimitMs = 60_000;

/** What a broker is started with. */
export interface BrokerArgs {
  readonly id: number;
  /** Port for clients, on loopback; not the advertised one. */
  readonly port: number;
  /** The command of the broker, without `java`. */
  readonly java: readonly string[];
  /** File that what the broker writes is added to; its folder is where a JVM that crashes leaves its report. */
  readonly logFile: string;
  /** How long a start may take until the broker answers, in milliseconds. */
  readonly startLimitMs: number;
}

/** One broker of a test: a process that can be ended, frozen and started again with its data. */
export class Broker {
  readonly id: number;
  readonly port: number;
  readonly #args: BrokerArgs;
  #child: ChildProcess | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(args: BrokerArgs) {
    this.id = args.id;
    this.port = args.port;
    this.#args = args;
  }

  /** The process; null while there is none. */
  get pid(): number | null {
    return this.#isRunning() ? (this.#child?.pid ?? null) : null;
  }

  /** Starts it on its data, and resolves when it serves clients, for which more than half of the brokers must run. */
  async start(): Promise<void> {
    if (this.#isRunning()) return;
    const log = openSync(this.#args.logFile, "a");
    // The kernel kills the broker when this process dies, however that comes about.
    const command = ["--pdeathsig", "KILL", "java", ...this.#args.java];
    const child = spawn("setpriv", command, { stdio: ["ignore", log, log], cwd: dirname(this.#args.logFile) });
    closeSync(log);
    this.#child = child;
    this.#ended = once(child, "exit").catch(() => {});
    await this.untilAlive([this.id]);
  }

  /** Resolves when this broker says that all of these are alive. */
  async untilAlive(ids: readonly number[]): Promise<void> {
    const untilMs = performance.now() + this.#args.startLimitMs;
    for (;;) {
      const alive = await aliveBrokers(this.port);
      if (ids.every((id) => alive.includes(id))) return;
      if (!this.#isRunning()) throw this.#failure("ended before it served");
      if (performance.now() > untilMs) throw this.#failure(`did not serve within ${this.#args.startLimitMs} ms`);
      await pause(pollMs);
    }
  }

  /** Ends it with SIGKILL, as a crash would; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.#ended;
  }

  /** Ends it with SIGTERM: it hands its partitions over and closes its files. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    this.thaw();
    const limit = new AbortController();
    const isOver = pause(stopLimitMs, true, { signal: limit.signal }).catch(() => false);
    const isLate = await Promise.race([isOver, this.#ended.then(() => false)]);
    limit.abort();
    if (!isLate) return;
    await this.kill();
    throw this.#failure(`did not stop within ${stopLimitMs} ms`);
  }

  /** Stops its time with SIGSTOP: its connections stay open, and nobody answers. */
  freeze(): void {
    this.#signal("SIGSTOP");
  }

  /** Lets a frozen broker go on. */
  thaw(): void {
    this.#signal("SIGCONT");
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#isRunning()) this.#child?.kill(signal);
  }

  #isRunning(): boolean {
    const child = this.#child;
    return child !== null && child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  #failure(what: string): Error {
    const { logFile } = this.#args;
    const log = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
    return new Error(`Broker ${this.id} ${what}. Its log ends with:\n${logEnd(log)}`);
  }
}
