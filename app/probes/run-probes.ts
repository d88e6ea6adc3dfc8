import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { literal } from "../../store/sql-client.ts";
import type { Store } from "../../store/store.ts";
import type { Spent } from "./plan-round.ts";
import { planRound } from "./plan-round.ts";
import type { ProbeConfig } from "./probes-config.ts";

/** What probes work with. */
export interface ProbesDeps {
  readonly probes: readonly ProbeConfig[];
  /** Address of the gateway, for probes that name none. */
  readonly gatewayUrl: string;
  readonly fetch: typeof fetch;
  readonly store: Pick<Store, "query">;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

const lookEveryMs = 30_000;
const askMs = 120_000;
const dayMs = 86_400_000;

/** Asks the prompts of each probe through the gateway, as callers do; what comes of them is measured like every other call. */
export class Probes {
  readonly #deps: ProbesDeps;
  readonly #stopping = new AbortController();
  /** When each probe last began a round, which the store may not know yet. */
  readonly #begun = new Map<ProbeConfig, number>();
  /** What was said last of each probe: one line a change. */
  readonly #said = new Map<ProbeConfig, string>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(deps: ProbesDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = Promise.all(this.#deps.probes.map((probe) => this.#run(probe)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Asks what a probe is to ask now; resolves when all is answered. */
  async look(probe: ProbeConfig): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    const spent = await this.#spentBy(probe, nowMs);
    const lastMs = Math.max(spent.lastMs ?? 0, this.#begun.get(probe) ?? 0) || null;
    const round = planRound(probe, { ...spent, lastMs }, nowMs);
    if (round.reason === "not_due") {
      return;
    }
    this.#begun.set(probe, nowMs);
    this.#say(probe, round.reason);
    const skipped = probe.prompts.length - round.prompts.length;
    this.#deps.meter.add("probeCalls", skipped, { route: probe.route, result: round.reason });
    for (const prompt of round.prompts) {
      if (!this.#stopping.signal.aborted) {
        const isAnswered = await this.#ask(probe, prompt);
        this.#deps.meter.add("probeCalls", 1, { route: probe.route, result: isAnswered ? "answered" : "failed" });
      }
    }
  }

  async #run(probe: ProbeConfig): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stopping;
    // The gateway starts last: a round that began with this process would find nobody there.
    await clock.sleep(lookEveryMs, signal);
    while (!signal.aborted) {
      try {
        await this.look(probe);
      } catch (error) {
        // Without the store nobody knows what was spent.
        this.#say(probe, `store: ${messageOf(error)}`);
      }
      await clock.sleep(lookEveryMs, signal);
    }
  }

  #say(probe: ProbeConfig, what: string): void {
    if (this.#said.get(probe) !== what) {
      const level = what === "due" ? "info" : "warn";
      this.#deps.log[level](
        { route: probe.route, reason: what },
        what === "due" ? "probing" : "probing less than asked",
      );
      this.#said.set(probe, what);
    }
  }

  async #spentBy({ route }: ProbeConfig, nowMs: number): Promise<Spent> {
    const [row] = await this.#deps.store.query(
      `SELECT toUnixTimestamp(max(minute)) AS last_s, count() AS calls, sum(coalesce(cost_nanos, 0)) AS cost, max(cost_nanos) AS most
FROM calls
WHERE feature = 'probe' AND route = ${literal(route)} AND minute >= toDateTime(${Math.floor((nowMs - dayMs) / 1000)})`,
    );
    const { last_s, calls, cost, most } = spentRow.parse(row);
    return { lastMs: calls === 0 ? null : last_s * 1000, costNanos: cost, mostNanos: most };
  }

  async #ask({ route, model, temperature, url }: ProbeConfig, prompt: string): Promise<boolean> {
    const { fetch, gatewayUrl } = this.#deps;
    const messages = [{ role: "user", content: prompt }];
    try {
      const response = await fetch(`${url ?? gatewayUrl}/v1/chat/completions`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-plumbline-route": route,
          "x-plumbline-feature": "probe",
        },
        body: JSON.stringify({ model, messages, ...(temperature === undefined ? {} : { temperature }) }),
        signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(askMs)]),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

const spentRow = z.object({
  last_s: z.coerce.number(),
  calls: z.coerce.number(),
  cost: z.coerce.number(),
  most: z.coerce.number().nullable(),
});
