import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { Ids } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { browseTopic } from "./browse-topic.ts";
import type {
  BrowsedRecord,
  Bus,
  BusMessage,
  ConsumeOptions,
  FollowOptions,
  GroupProgress,
  Subscription,
} from "./bus.ts";
import type { EmbeddedBusConfig } from "./config.ts";
import { EmbeddedConsumer } from "./embedded-consumer.ts";
import { followTopic } from "./follow-topic.ts";
import { keepTidy } from "./housekeeping.ts";
import { readSequence, readTopic } from "./log-state.ts";
import type { LogStorage, StateTable } from "./log-storage.ts";
import { progressOf } from "./progress-of.ts";
import { Publisher } from "./publisher.ts";
import type { TopicReaderArgs } from "./topic-reader.ts";
import { TopicRegistry } from "./topic-registry.ts";
import { Wakeups } from "./wakeups.ts";
import { WriteQueue } from "./write-queue.ts";

/** What a bus works with. */
export interface LogBusDeps {
  readonly storage: LogStorage;
  readonly config: EmbeddedBusConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly pid: number;
  /** Name of this machine. */
  readonly host: string;
  readonly isRunning: (pid: number) => boolean;
}

/** The bus over a log that many processes share. */
export class LogBus implements Bus {
  readonly #deps: LogBusDeps;
  readonly #queue: WriteQueue;
  readonly #wakeups: Wakeups;
  readonly #topics: TopicRegistry;
  readonly #publisher: Publisher;
  readonly #subscriptions = new Set<Subscription>();
  readonly #closing = new AbortController();
  readonly #housekeeping: Promise<void>;
  #closed: Promise<void> | null = null;

  constructor(deps: LogBusDeps) {
    const { storage, config, clock, log } = deps;
    this.#deps = deps;
    this.#queue = new WriteQueue(storage.transact);
    this.#wakeups = new Wakeups(clock);
    this.#topics = new TopicRegistry({ partitions: config.partitions, log });
    const shared = { storage, queue: this.#queue, config, clock, log };
    this.#publisher = new Publisher({ ...shared, topics: this.#topics, wakeups: this.#wakeups });
    this.#housekeeping = keepTidy(shared, this.#closing.signal);
  }

  publish(message: BusMessage): Promise<void> {
    return this.#publisher.publish(message);
  }

  async lastSequence(topic: string, producerId: string): Promise<number> {
    const state = this.#lookAtState();
    const known = readTopic(state, topic);
    return known === null ? 0 : readSequence(state, known.id, producerId);
  }

  async progress(topic: string, group: string): Promise<readonly GroupProgress[]> {
    return progressOf(this.#lookAtState(), { topic, group });
  }

  consume(options: ConsumeOptions): Subscription {
    if (this.#closed !== null) throw new PlumblineError("bus.closed", "The bus is closed.");
    const { storage, config, clock, ids, pid, host, isRunning } = this.#deps;
    const { leaseMs, pollMs } = config;
    const shared = { storage, queue: this.#queue, topics: this.#topics, wakeups: this.#wakeups, clock };
    const consumer = new EmbeddedConsumer(
      { ...shared, leaseMs, pollMs, memberId: ids.next(), pid, host, isRunning },
      options,
    );
    this.#subscriptions.add(consumer);
    return {
      stop: async () => {
        await consumer.stop();
        this.#subscriptions.delete(consumer);
      },
    };
  }

  browse(topic: string): AsyncIterable<BrowsedRecord> {
    return browseTopic(this.#reading(topic));
  }

  follow(topic: string, { signal }: FollowOptions): AsyncIterable<BrowsedRecord> {
    const { pollMs } = this.#deps.config;
    return followTopic({ ...this.#reading(topic), wakeups: this.#wakeups, pollMs, signal });
  }

  #reading(topic: string): TopicReaderArgs {
    return { storage: this.#deps.storage, topic, isClosed: () => this.#closed !== null };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #lookAtState(): StateTable {
    if (this.#closed !== null) throw new PlumblineError("bus.closed", "The bus is closed.");
    this.#deps.storage.refresh();
    return this.#deps.storage.state;
  }

  async #close(): Promise<void> {
    // Subscriptions end first, and may still publish while they finish their last batch.
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#publisher.close();
    this.#closing.abort();
    this.#wakeups.wakeAll();
    await this.#housekeeping;
    await this.#queue.close();
    await this.#deps.storage.close();
  }
}
