import { PlumblineError } from "../core/errors.ts";
import type { KafkaDriver, KafkaTransactions, OutgoingRecord } from "./kafka-driver.ts";
import { busErrorOf } from "./kafka-errors.ts";

/** A record of a producer that numbers its records. */
export interface NumberedRecord {
  readonly record: OutgoingRecord;
  readonly producerId: string;
  readonly sequence: number;
}

interface Waiting extends NumberedRecord {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Producers that are kept connected at once; of others the connection is closed when they have nothing to send. */
const maxConnected = 8;
/** Bytes of records that make a transaction full. */
const transactionBytes = 4 * 1024 * 1024;

/**
 * Appends the records of numbering producers once: each transaction holds records and the last sequence among them, as the
 * offset of a group of the producer's own. Whether a transaction whose answer was lost was made is read back from there,
 * and opening its successor fences it first.
 */
export class KafkaSequences {
  readonly #driver: KafkaDriver;
  readonly #lanes = new Map<string, Lane>();

  constructor(driver: KafkaDriver) {
    this.#driver = driver;
  }

  /** Resolves when the record is durable, or was already. */
  append(numbered: NumberedRecord): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#lane(numbered.record.topic, numbered.producerId).push({ ...numbered, resolve, reject });
    return promise;
  }

  /** The last durable sequence; no earlier process of the producer can append any more when it resolves. */
  last(topic: string, producerId: string): Promise<number> {
    return this.#lane(topic, producerId).last();
  }

  /** Waits for what is under way and closes every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }

  #lane(topic: string, producerId: string): Lane {
    const key = JSON.stringify([topic, producerId]);
    const lane = this.#lanes.get(key) ?? new Lane(this.#driver, { topic, producerId });
    // The one used last stands last.
    this.#lanes.delete(key);
    this.#lanes.set(key, lane);
    this.#closeIdle();
    return lane;
  }

  #closeIdle(): void {
    for (const [key, lane] of this.#lanes) {
      if (this.#lanes.size <= maxConnected) return;
      if (lane.isIdle) {
        this.#lanes.delete(key);
        void lane.close();
      }
    }
  }
}

/** The records of one producer for one topic, appended one transaction after the other. */
class Lane {
  readonly #driver: KafkaDriver;
  readonly #topic: string;
  readonly #producerId: string;
  readonly #waiting: Waiting[] = [];
  #open: { readonly transactions: KafkaTransactions; readonly last: number } | null = null;
  #work: Promise<void> = Promise.resolve();
  #tasks = 0;

  constructor(driver: KafkaDriver, of: { readonly topic: string; readonly producerId: string }) {
    this.#driver = driver;
    this.#topic = of.topic;
    this.#producerId = of.producerId;
  }

  get isIdle(): boolean {
    return this.#tasks === 0;
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    void this.#enqueue(() => this.#appendWaiting());
  }

  last(): Promise<number> {
    return this.#enqueue(async () => (await this.#opened()).last);
  }

  close(): Promise<void> {
    return this.#enqueue(() => this.#drop());
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    this.#tasks += 1;
    const done = this.#work.then(task).finally(() => {
      this.#tasks -= 1;
    });
    this.#work = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  async #appendWaiting(): Promise<void> {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    try {
      await this.#appendNew(batch);
    } catch (error) {
      await this.#drop();
      // Appending past a failed record would raise the last sequence, and its repeat would be taken for a known one.
      const behind = new PlumblineError("bus.unavailable", "An earlier record of the same producer was not stored.");
      for (const each of this.#waiting.splice(0)) each.reject(behind);
      for (const each of batch) each.reject(busErrorOf(error));
      return;
    }
    for (const each of batch) each.resolve();
  }

  #takeBatch(): readonly Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ record }) => {
      bytes += record.value.byteLength;
      return bytes > transactionBytes;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
  }

  async #appendNew(batch: readonly Waiting[]): Promise<void> {
    const { transactions, last } = await this.#opened();
    let sequence = last;
    const records: OutgoingRecord[] = [];
    for (const each of batch) {
      if (each.sequence > sequence) {
        sequence = each.sequence;
        records.push(each.record);
      }
    }
    if (records.length === 0) return;
    await transactions.transact({ records, group: this.#group, topic: this.#topic, sequence });
    this.#open = { transactions, last: sequence };
  }

  get #group(): string {
    return `plumbline.producer:${this.#producerId}`;
  }

  async #opened(): Promise<{ readonly transactions: KafkaTransactions; readonly last: number }> {
    if (this.#open === null) {
      const { topic } = { topic: this.#topic };
      const transactions = await this.#driver.openTransactions(`plumbline:${topic}:${this.#producerId}`);
      try {
        // Read behind the fence: what an earlier process had under way is either in it or will never be.
        const committed = await this.#driver.committed({ group: this.#group, topic });
        this.#open = { transactions, last: committed.get(0)?.offset ?? 0 };
      } catch (error) {
        await transactions.close();
        throw error;
      }
    }
    return this.#open;
  }

  async #drop(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.transactions.close().catch(() => {});
  }
}
