import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { AppendOutcome } from "./append.ts";
import { appendRecord } from "./append.ts";
import type { BusMessage } from "./bus.ts";
import { ByteGate } from "./byte-gate.ts";
import type { EmbeddedBusConfig } from "./config.ts";
import type { LogStorage } from "./log-storage.ts";
import { partitionOf } from "./partition-of.ts";
import { encodedLength, encodeRecord } from "./record-codec.ts";
import { retentionMs } from "./retention-ms.ts";
import { appendsTo, recordsOf } from "./subjects.ts";
import type { TopicRegistry } from "./topic-registry.ts";
import type { Wakeups } from "./wakeups.ts";
import type { WriteQueue } from "./write-queue.ts";

/** What a publisher works with. */
export interface PublisherDeps {
  readonly storage: LogStorage;
  readonly queue: WriteQueue;
  readonly topics: TopicRegistry;
  readonly wakeups: Wakeups;
  readonly config: EmbeddedBusConfig;
  readonly clock: Clock;
  readonly log: Log;
}

interface Result {
  /** `overtaken` means that an earlier record of the same producer failed while this one was under way. */
  readonly outcome: AppendOutcome | "overtaken" | "nowhere";
  readonly partition: number;
}

/** Appends messages to the log, with back-pressure. */
export class Publisher {
  readonly #deps: PublisherDeps;
  readonly #gate: ByteGate;
  readonly #underWay = new Set<Promise<void>>();
  readonly #rotations = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  #isClosed = false;
  #isFull = false;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
    this.#gate = new ByteGate(deps.config.maxPublishBytesInFlight);
  }

  /** Resolves when the message is durable. */
  publish(message: BusMessage): Promise<void> {
    if (this.#isClosed) return Promise.reject(new PlumblineError("bus.closed", "The bus is closed."));
    const { maxRecordBytes } = this.#deps.config;
    const length = encodedLength(message);
    if (length > maxRecordBytes) {
      const text = `A record of ${length} bytes for ${message.topic} is above the limit of ${maxRecordBytes}.`;
      return Promise.reject(new PlumblineError("bus.too_large", text));
    }
    const work = this.#append(message, length).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    return work;
  }

  /** Refuses further messages and resolves when those under way have settled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#underWay);
  }

  async #append(message: BusMessage, length: number): Promise<void> {
    const source = sourceOf(message);
    const failuresBefore = this.#failuresOf(source);
    await this.#gate.enter(length);
    try {
      const encoded = encodeRecord(message, this.#deps.clock.nowMs());
      const { outcome, partition } = await this.#deps.queue.run(
        () => this.#write({ message, encoded, source, failuresBefore }),
        length,
      );
      if (message.mayUseReserve !== true) this.#noteRoom(outcome);
      if (outcome === "full") throw new PlumblineError("bus.full", `No room for a record of ${message.topic}.`);
      if (outcome === "nowhere") {
        throw new PlumblineError("bus.unknown_partition", `${message.topic} has no partition ${partition}.`);
      }
      if (outcome === "overtaken") {
        throw new PlumblineError("bus.unavailable", "An earlier record of the same producer was not stored.");
      }
      this.#deps.wakeups.wake(recordsOf(message.topic, partition));
      this.#deps.wakeups.wake(appendsTo(message.topic));
    } catch (error) {
      this.#noteFailure(source, failuresBefore);
      throw error;
    } finally {
      this.#gate.leave(length);
    }
  }

  #write(args: {
    readonly message: BusMessage;
    readonly encoded: Uint8Array;
    readonly source: string | null;
    readonly failuresBefore: number;
  }): Result {
    const { storage, topics, config, clock } = this.#deps;
    const { message, encoded, source, failuresBefore } = args;
    // Appending past a failed record would raise its producer's last sequence, and the retry would be taken for a repeat.
    if (this.#failuresOf(source) !== failuresBefore) return { outcome: "overtaken", partition: 0 };
    const topic = topics.ensure(storage.state, message.topic);
    const partition = message.partition ?? this.#pickPartition(message, topic.partitions);
    if (!isIndex(partition, topic.partitions)) return { outcome: "nowhere", partition };
    const maxBytes = config.maxBytes - (message.mayUseReserve === true ? 0 : reserveOf(config.maxBytes));
    const limits = { maxBytes, appendedUntilMs: clock.nowMs() - retentionMs(config) };
    const outcome = appendRecord(storage, { topic, partition, encoded, producer: message.producer }, limits);
    if (outcome === "full") this.#noteFailure(source, failuresBefore);
    return { outcome, partition };
  }

  #pickPartition({ topic, key }: BusMessage, partitions: number): number {
    if (key !== null) return partitionOf(key, partitions);
    const rotation = this.#rotations.get(topic) ?? 0;
    this.#rotations.set(topic, (rotation + 1) % partitions);
    return rotation % partitions;
  }

  #failuresOf(source: string | null): number {
    return source === null ? 0 : (this.#failures.get(source) ?? 0);
  }

  #noteFailure(source: string | null, failuresBefore: number): void {
    if (source !== null && this.#failuresOf(source) === failuresBefore) this.#failures.set(source, failuresBefore + 1);
  }

  #noteRoom(outcome: Result["outcome"]): void {
    if (this.#isFull === (outcome === "full") || outcome === "overtaken" || outcome === "nowhere") return;
    this.#isFull = outcome === "full";
    const fields = { maxBytes: this.#deps.config.maxBytes };
    if (this.#isFull) this.#deps.log.warn(fields, "the bus is full: consumers are behind");
    else this.#deps.log.info(fields, "the bus has room again");
  }
}

/** Bytes of a log that only messages with `mayUseReserve` may take. */
const reserveOf = (maxBytes: number): number => Math.floor(maxBytes / 16);

const isIndex = (partition: number, partitions: number): boolean =>
  Number.isInteger(partition) && partition >= 0 && partition < partitions;

const sourceOf = ({ topic, producer }: BusMessage): string | null =>
  producer === undefined ? null : JSON.stringify([topic, producer.id]);
