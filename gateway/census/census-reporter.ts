import type { Bus } from "../../bus/bus.ts";
import type { CensusReport } from "../../core/census.ts";
import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { CallCensus } from "./call-census.ts";
import type { CensusConfig } from "./census-config.ts";
import { OldestWaiting } from "./oldest-waiting.ts";
import { reportMessage } from "./report-message.ts";

/** What a reporter needs. */
export interface CensusReporterDeps {
  readonly bus: Pick<Bus, "publish">;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly config: CensusConfig;
  readonly gatewayId: string;
  readonly census: CallCensus;
  /** The sequences of the spool: its last call, and the last one that is on the bus. */
  readonly spool: () => { readonly last: number; readonly done: number };
}

/** Counts of one report: with the longest tenants and routes about 350 kB of JSON, below any limit of a bus. */
const countsPerReport = 1_000;

/** Tells the bus at intervals what this gateway has finished. Nobody waits for it: while the bus is away the counts add up. */
export class CensusReporter {
  readonly #deps: CensusReporterDeps;
  readonly #oldest = new OldestWaiting();
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(deps: CensusReporterDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Sends what is left with a good-bye, or gives that up after `stopMs`. Calls must have ended before. */
  async stop(): Promise<void> {
    const { clock, config, log } = this.#deps;
    this.#stopping.abort();
    const told = this.#running.then(() => this.#report(true));
    const timeout = new AbortController();
    const isTold = await Promise.race([told, clock.sleep(config.stopMs, timeout.signal).then(() => false)]);
    timeout.abort();
    if (!isTold) {
      log.warn({}, "the bus did not take the last report on finished calls: this gateway will count as silent");
    }
  }

  async #run(): Promise<void> {
    const { clock, config } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#report(false);
      await clock.sleep(config.reportMs, signal);
    }
  }

  /** Resolves to whether the bus took all of it; what it did not take is in the next report. */
  async #report(isLast: boolean): Promise<boolean> {
    const { bus, census, log, meter } = this.#deps;
    const { counts, ...head } = this.#snapshot(isLast);
    try {
      for (let from = 0; from === 0 || from < counts.length; from += countsPerReport) {
        const told = counts.slice(from, from + countsPerReport);
        // Only the last part says good-bye: what follows it would not be waited for.
        const isEnd = from + countsPerReport >= counts.length;
        await bus.publish(reportMessage({ ...head, isLast: isLast && isEnd, counts: told }));
        census.acknowledge(told);
      }
    } catch (error) {
      meter.add("censusErrors", 1, { code: error instanceof PlumblineError ? error.code : "bus.unavailable" });
      if (!this.#isFailing) {
        log.warn({ err: error }, "the bus takes no reports on finished calls");
      }
      this.#isFailing = true;
      return false;
    }
    if (this.#isFailing) {
      log.info({}, "the bus takes reports on finished calls again");
    }
    this.#isFailing = false;
    return true;
  }

  #snapshot(isLast: boolean): CensusReport {
    const { census, clock, config, gatewayId } = this.#deps;
    const queue = this.#deps.spool();
    const oldestWaitingMs = this.#oldest.look(queue, clock.monotonicMs());
    return {
      version: 1,
      gatewayId,
      reportedAtMs: clock.nowMs(),
      everyMs: config.reportMs,
      isLast,
      finished: census.finished,
      waiting: queue.last - queue.done,
      oldestWaitingMs: oldestWaitingMs === null ? null : Math.round(oldestWaitingMs),
      counts: [...census.changes()],
    };
  }
}
