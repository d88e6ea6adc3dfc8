import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { topics } from "../../core/topics.ts";
import type { Budgets } from "./budgets.ts";
import { readSpending } from "./read-spending.ts";
import { SpendingReports } from "./spending-reports.ts";
import { SpendingVoice } from "./spending-voice.ts";
import type { SpentTotal } from "./spent-totals.ts";

/** What a watch works with. */
export interface SpendingWatchDeps {
  readonly bus: Pick<Bus, "publish" | "browse" | "follow">;
  readonly budgets: Pick<Budgets, "ownTotals" | "othersTotals" | "hear">;
  readonly gatewayId: string;
  /** Milliseconds between two reports. */
  readonly reportMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** Longest that a start waits for what others have spent, and a stop for the bus to take the last report, in milliseconds. */
const patienceMs = 5_000;
/** All that is known is said again so often, well before a bus removes what is old. */
const renewMs = 6 * 3_600_000;
/** Growth of less than a step is told so often. */
const allMs = 60_000;
const minPauseMs = 200;
const maxPauseMs = 5_000;

/** Tells the other gateways what this one has spent, and counts here what they have, whether or not the bus is there. */
export class SpendingWatch {
  readonly #deps: SpendingWatchDeps;
  readonly #voice: SpendingVoice;
  readonly #stopping = new AbortController();
  #reports: SpendingReports;
  #renewedMs = Number.NEGATIVE_INFINITY;
  #toldAllMs = Number.NEGATIVE_INFINITY;
  #running: Promise<unknown> = Promise.resolve();

  constructor(deps: SpendingWatchDeps) {
    this.#deps = deps;
    this.#voice = new SpendingVoice(deps);
    this.#reports = new SpendingReports(deps.gatewayId);
  }

  /** Resolves when what others have spent is known, or the bus has not told in time; the watch goes on. */
  async start(): Promise<void> {
    await this.#patiently(this.#catchUp());
    this.#running = Promise.all([this.#follow(), this.#tell()]);
  }

  /** Sends what is left, or gives that up. Calls must have ended before. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#patiently(this.#running.then(() => this.#report(true)));
  }

  async #catchUp(): Promise<void> {
    try {
      for await (const { value } of this.#deps.bus.browse(topics.spending)) this.#hear(value);
    } catch (error) {
      this.#voice.tellFailure("hear", error);
    }
  }

  async #follow(): Promise<void> {
    const { bus, clock } = this.#deps;
    const { signal } = this.#stopping;
    const onError = (error: unknown): void => this.#voice.tellFailure("hear", error);
    for (let pauseMs = minPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      try {
        for await (const { value } of bus.follow(topics.spending, { signal, onError })) {
          pauseMs = minPauseMs;
          this.#voice.tellRecovery("hear");
          this.#hear(value);
        }
      } catch (error) {
        onError(error);
      }
      await clock.sleep(pauseMs, signal);
    }
  }

  async #tell(): Promise<void> {
    const { clock, reportMs } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#report(clock.monotonicMs() - this.#toldAllMs >= allMs);
      await clock.sleep(reportMs, signal);
    }
  }

  /** What the bus did not take is in the next report. */
  async #report(isAll: boolean): Promise<void> {
    const { budgets, bus, clock, gatewayId } = this.#deps;
    const nowMs = clock.monotonicMs();
    const isRenewal = nowMs - this.#renewedMs >= renewMs;
    if (isRenewal) {
      this.#reports = new SpendingReports(gatewayId);
    }
    const others: readonly SpentTotal[] = isRenewal ? budgets.othersTotals() : [];
    try {
      const again = new SpendingReports(gatewayId).due(others, true);
      for (const { key, report } of [...again, ...this.#reports.due(budgets.ownTotals(), isAll)]) {
        await bus.publish({ topic: topics.spending, key, value: Buffer.from(JSON.stringify(report)) });
        this.#reports.acknowledge(report);
      }
    } catch (error) {
      this.#voice.tellFailure("tell", error);
      return;
    }
    this.#renewedMs = isRenewal ? nowMs : this.#renewedMs;
    this.#toldAllMs = isAll ? nowMs : this.#toldAllMs;
    this.#voice.tellRecovery("tell");
  }

  #hear(value: Uint8Array): void {
    const totals = readSpending(value);
    if (totals === null) {
      this.#voice.tellUnreadable();
      return;
    }
    for (const total of totals) this.#deps.budgets.hear(total);
  }

  async #patiently(work: Promise<unknown>): Promise<void> {
    const timeout = new AbortController();
    await Promise.race([work, this.#deps.clock.sleep(patienceMs, timeout.signal)]);
    timeout.abort();
  }
}
