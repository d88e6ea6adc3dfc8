import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { Ids } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type {
  BrowsedRecord,
  Bus,
  BusMessage,
  ConsumeOptions,
  FollowOptions,
  GroupProgress,
  Subscription,
} from "./bus.ts";
import { ByteGate } from "./byte-gate.ts";
import type { KafkaBusConfig } from "./config.ts";
import { KafkaBatches } from "./kafka-batches.ts";
import { browseKafka } from "./kafka-browse.ts";
import { KafkaConsumer } from "./kafka-consumer.ts";
import type { KafkaDriver, KafkaTopic, OutgoingRecord } from "./kafka-driver.ts";
import { followKafka } from "./kafka-follow.ts";
import { KafkaSequences } from "./kafka-sequences.ts";
import { batchOverheadBytes } from "./kafka-topic-settings.ts";
import { partitionOf } from "./partition-of.ts";
import { encodedLength } from "./record-codec.ts";

/** What a Kafka bus works with. */
export interface KafkaBusDeps {
  readonly driver: KafkaDriver;
  readonly config: KafkaBusConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** The bus over Kafka, whatever client library speaks to it. */
export class KafkaBus implements Bus {
  readonly #deps: KafkaBusDeps;
  readonly #topics = new Map<string, Promise<KafkaTopic>>();
  readonly #rotations = new Map<string, number>();
  readonly #gate: ByteGate;
  readonly #batches: KafkaBatches;
  readonly #sequences: KafkaSequences;
  readonly #subscriptions = new Set<Subscription>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | null = null;

  constructor(deps: KafkaBusDeps) {
    const { driver, config, clock } = deps;
    this.#deps = deps;
    this.#gate = new ByteGate(config.maxPublishBytesInFlight);
    this.#batches = new KafkaBatches({ driver, clock, lingerMs: config.lingerMs, batchBytes: config.maxRecordBytes });
    this.#sequences = new KafkaSequences(driver);
  }

  publish(message: BusMessage): Promise<void> {
    if (this.#closed !== null) return Promise.reject(new PlumblineError("bus.closed", "The bus is closed."));
    const length = encodedLength(message);
    const work = this.#append(message, length).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    return work;
  }

  async lastSequence(topic: string, producerId: string): Promise<number> {
    if (this.#closed !== null) throw new PlumblineError("bus.closed", "The bus is closed.");
    await this.#topic(topic);
    return this.#sequences.last(topic, producerId);
  }

  consume(options: ConsumeOptions): Subscription {
    if (this.#closed !== null) throw new PlumblineError("bus.closed", "The bus is closed.");
    const consumer = new KafkaConsumer(this.#deps, options);
    this.#subscriptions.add(consumer);
    return {
      stop: async () => {
        await consumer.stop();
        this.#subscriptions.delete(consumer);
      },
    };
  }

  async progress(topic: string, group: string): Promise<readonly GroupProgress[]> {
    if (this.#closed !== null) throw new PlumblineError("bus.closed", "The bus is closed.");
    const { driver } = this.#deps;
    if (!(await driver.hasTopic(topic))) return [];
    const [committed, offsets] = await Promise.all([driver.committed({ topic, group }), driver.offsets(topic)]);
    return offsets
      .map(({ partition, low, high }) => ({ partition, committed: committed.get(partition)?.offset ?? low, end: high }))
      .sort((a, b) => a.partition - b.partition);
  }

  async *browse(topic: string): AsyncGenerator<BrowsedRecord> {
    if (this.#closed !== null) throw new PlumblineError("bus.closed", "The bus is closed.");
    if (!(await this.#deps.driver.hasTopic(topic))) return;
    yield* browseKafka(this.#deps, { topic, group: `plumbline.browse:${this.#deps.ids.next()}` });
  }

  async *follow(topic: string, options: FollowOptions): AsyncGenerator<BrowsedRecord> {
    if (this.#closed !== null) throw new PlumblineError("bus.closed", "The bus is closed.");
    const group = `plumbline.follow:${this.#deps.ids.next()}`;
    yield* followKafka(this.#deps, {
      ...options,
      topic,
      group,
      closing: this.#closing.signal,
      keep: (consumer) => {
        this.#subscriptions.add(consumer);
        return () => this.#subscriptions.delete(consumer);
      },
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    // Subscriptions end first, and may still publish while they finish their last batch.
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await Promise.allSettled(this.#underWay);
    await Promise.all([this.#batches.close(), this.#sequences.close()]);
    await this.#deps.driver.close();
  }

  async #append(message: BusMessage, length: number): Promise<void> {
    await this.#gate.enter(length);
    try {
      const topic = await this.#topic(message.topic);
      const limit = Math.min(this.#deps.config.maxRecordBytes, topic.maxBatchBytes - batchOverheadBytes);
      if (length > limit) {
        const text = `A record of ${length} bytes for ${message.topic} is above the limit of ${limit}.`;
        throw new PlumblineError("bus.too_large", text);
      }
      const record = this.#placed(message, topic.partitions);
      const { producer } = message;
      await (producer === undefined
        ? this.#batches.append(record, length)
        : this.#sequences.append({ record, producerId: producer.id, sequence: producer.sequence }));
    } finally {
      this.#gate.leave(length);
    }
  }

  #placed(message: BusMessage, partitions: number): OutgoingRecord {
    const { topic, key, value, headers } = message;
    const partition = message.partition ?? this.#partitionFor(message, partitions);
    if (!Number.isInteger(partition) || partition < 0 || partition >= partitions) {
      throw new PlumblineError("bus.unknown_partition", `${topic} has ${partitions} partitions and no ${partition}.`);
    }
    return { topic, partition, key, value, headers: headers ?? {} };
  }

  #partitionFor({ topic, key }: BusMessage, partitions: number): number {
    if (key !== null) return partitionOf(key, partitions);
    const rotation = this.#rotations.get(topic) ?? 0;
    this.#rotations.set(topic, (rotation + 1) % partitions);
    return rotation % partitions;
  }

  /** A topic is looked up once; a failed look is tried again by the next who asks. */
  #topic(name: string): Promise<KafkaTopic> {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const looking = this.#deps.driver.ensureTopic(name);
    this.#topics.set(name, looking);
    looking.catch(() => this.#topics.delete(name));
    return looking;
  }
}
