import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { KafkaDriver, KafkaProducer, OutgoingRecord } from "./kafka-driver.ts";
import { busErrorOf } from "./kafka-errors.ts";

interface Waiting {
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What batching works with. */
export interface KafkaBatchesDeps {
  readonly driver: KafkaDriver;
  readonly clock: Clock;
  readonly lingerMs: number;
  /** Bytes of records that make a request full; no partition gets more in one. */
  readonly batchBytes: number;
}

/** Appends records in requests that are filled for the linger time, one request after the other, so that order holds. */
export class KafkaBatches {
  readonly #deps: KafkaBatchesDeps;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #producer: KafkaProducer | null = null;
  #linger: AbortController | null = null;
  #loop: Promise<void> | null = null;
  #isClosed = false;

  constructor(deps: KafkaBatchesDeps) {
    this.#deps = deps;
  }

  /** Resolves when the record is durable. */
  append(record: OutgoingRecord, bytes: number): Promise<void> {
    if (this.#isClosed) return Promise.reject(new PlumblineError("bus.closed", "The bus is closed."));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ record, bytes, resolve, reject });
    this.#waitingBytes += bytes;
    if (this.#waitingBytes >= this.#deps.batchBytes) this.#linger?.abort();
    this.#loop ??= this.#run().finally(() => {
      this.#loop = null;
    });
    return promise;
  }

  /** Sends what waits, refuses more, and closes the connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#linger?.abort();
    await this.#loop;
    await this.#drop();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      await this.#send(this.#take());
    }
  }

  async #gather(): Promise<void> {
    const { clock, lingerMs, batchBytes } = this.#deps;
    if (lingerMs === 0 || this.#isClosed || this.#waitingBytes >= batchBytes) return;
    this.#linger = new AbortController();
    await clock.sleep(lingerMs, this.#linger.signal);
    this.#linger = null;
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const each of this.#waiting) {
      if (count > 0 && bytes + each.bytes > this.#deps.batchBytes) break;
      bytes += each.bytes;
      count += 1;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    try {
      this.#producer ??= await this.#deps.driver.openProducer();
      await this.#producer.send(batch.map(({ record }) => record));
    } catch (error) {
      // A producer whose request failed numbers its next batch like the failed one, and a broker that had stored that would
      // take the next for a repeat and drop it.
      await this.#drop();
      const failure = busErrorOf(error);
      if (failure.code === "bus.too_large" && batch.length > 1) {
        for (const each of batch) await this.#send([each]);
      } else {
        for (const { reject } of batch) reject(failure);
      }
      return;
    }
    for (const { resolve } of batch) resolve();
  }

  async #drop(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.close().catch(() => {});
  }
}
