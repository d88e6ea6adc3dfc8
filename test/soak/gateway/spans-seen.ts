import { join } from "node:path";
import { z } from "zod";
import type { Bus } from "../../../bus/bus.ts";
import { embeddedBusConfig } from "../../../bus/config.ts";
import { openEmbeddedBus } from "../../../bus/embedded.ts";
import { genAi, general, plumbline } from "../../../core/attributes.ts";
import { censusReport } from "../../../core/census.ts";
import { systemClock } from "../../../core/clock.ts";
import { randomIds } from "../../../core/ids.ts";
import { silentLog } from "../../../core/log.ts";
import type { Outcome } from "../../../core/outcomes.ts";
import { outcomes } from "../../../core/outcomes.ts";
import { topics } from "../../../core/topics.ts";
import { decodeSpans } from "../../../processors/decode-spans.ts";
import type { OtlpSpan } from "../../../processors/otlp-span.ts";

const spanOutcome = z.enum(outcomes);

/** The calls that have come to the bus, as they come. */
export class SpansSeen {
  readonly #bus: Bus;
  readonly #stopping = new AbortController();
  readonly #spans: Uint8Array;
  /** Index in the list of outcomes. */
  readonly #outcomes: Uint8Array;
  readonly #byGateway = new Map<string, number>();
  readonly #told = new Map<string, number>();
  readonly #running: Promise<unknown>;
  #count = 0;
  #attempts = 0;

  private constructor(bus: Bus, calls: number) {
    this.#bus = bus;
    this.#spans = new Uint8Array(calls + 1);
    this.#outcomes = new Uint8Array(calls + 1);
    this.#running = Promise.all([this.#followSpans(), this.#followCensus()]);
  }

  /** Follows the bus of a data folder, for calls of the numbers 1 to `calls`. */
  static async open(dataDir: string, calls: number): Promise<SpansSeen> {
    const deps = { clock: systemClock, ids: randomIds, log: silentLog };
    const bus = await openEmbeddedBus({ ...deps, dir: join(dataDir, "bus"), config: embeddedBusConfig.parse({}) });
    return new SpansSeen(bus, calls);
  }

  /** Spans of calls so far, those of attempts not counted. */
  get count(): number {
    return this.#count;
  }

  /** Spans of attempts so far. */
  get attempts(): number {
    return this.#attempts;
  }

  spansOf(number: number): number {
    return this.#spans[number] ?? 0;
  }

  outcomeOf(number: number): Outcome | null {
    return this.spansOf(number) === 0 ? null : (outcomes[this.#outcomes[number] ?? 0] ?? null);
  }

  /** Calls that gateways told to have finished and that are not on the bus. */
  missingOfTold(): number {
    return [...this.#told].reduce((sum, [id, told]) => sum + Math.max(0, told - (this.#byGateway.get(id) ?? 0)), 0);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#bus.close();
  }

  async #followSpans(): Promise<void> {
    for await (const { value } of this.#bus.follow(topics.spans, { signal: this.#stopping.signal })) {
      for (const span of decodeSpans(value)) {
        this.#see(span);
      }
    }
  }

  async #followCensus(): Promise<void> {
    for await (const { value } of this.#bus.follow(topics.census, { signal: this.#stopping.signal })) {
      const { gatewayId, finished } = censusReport.parse(JSON.parse(Buffer.from(value).toString()));
      this.#told.set(gatewayId, Math.max(finished, this.#told.get(gatewayId) ?? 0));
    }
  }

  #see({ attributes, resource }: OtlpSpan): void {
    if (attributes.get(plumbline.span) !== "call") {
      this.#attempts += 1;
      return;
    }
    const number = Number(String(attributes.get(genAi.conversationId)).slice("soak-".length));
    const gateway = String(resource.get(general.serviceInstanceId));
    this.#count += 1;
    this.#spans[number] = this.spansOf(number) + 1;
    this.#outcomes[number] = outcomes.indexOf(spanOutcome.parse(attributes.get(plumbline.outcome)));
    this.#byGateway.set(gateway, (this.#byGateway.get(gateway) ?? 0) + 1);
  }
}
