import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { BusRead, BusRecord, Committed, PartitionSession, ReadOptions } from "./bus.ts";
import type { CommitOutcome, Fetched, PartitionOffsets } from "./kafka-driver.ts";

/** What a session works with. */
export interface KafkaSessionDeps {
  readonly topic: string;
  readonly partition: number;
  readonly clock: Clock;
  /** Bytes of fetched records that may wait to be read. */
  readonly fetchBytes: number;
  readonly setPaused: (isPaused: boolean) => void;
  readonly seek: (offset: number) => void;
  readonly commit: (committed: Committed) => Promise<CommitOutcome>;
  /** Resolves after the next distribution of partitions, or when the session is fenced. */
  readonly nextDistribution: () => Promise<void>;
  /** The offsets that the partition holds now. */
  readonly bounds: () => Promise<Pick<PartitionOffsets, "low" | "high">>;
}

/** How much longer than asked a read waits for records that the log has and that are not fetched yet, in milliseconds. */
const fetchWaitMs = 5_000;

/** One partition of a Kafka topic while this process owns it: a queue of fetched records, and commits under a fence. */
export class KafkaSession implements PartitionSession {
  readonly topic: string;
  readonly partition: number;
  readonly committed: Committed;
  readonly #deps: KafkaSessionDeps;
  readonly #revoking = new AbortController();
  #queue: BusRecord[] = [];
  #queuedBytes = 0;
  /** Offset that the next read goes on from, and the one that is to be fetched next. */
  #position: number;
  #arrived: number;
  #isPaused = false;
  #isFenced = false;
  #wake: (() => void) | null = null;

  constructor(deps: KafkaSessionDeps, committed: Committed) {
    this.#deps = deps;
    this.topic = deps.topic;
    this.partition = deps.partition;
    this.committed = committed;
    this.#position = committed.offset;
    this.#arrived = committed.offset;
  }

  get signal(): AbortSignal {
    return this.#revoking.signal;
  }

  /** Offset that is to be fetched next. */
  get arrived(): number {
    return this.#arrived;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Asks the owner to finish; commits are still made. */
  revoke(): void {
    this.#revoking.abort();
    this.#wake?.();
  }

  /** The partition may have another owner: commits are refused from now on. */
  fence(): void {
    this.#isFenced = true;
    this.revoke();
  }

  /** Takes fetched records; those that do not follow on what was taken before are fetched again. */
  feed({ fetchedFrom, records, next }: Fetched): void {
    if (fetchedFrom !== null && fetchedFrom > this.#arrived) {
      this.#deps.seek(this.#arrived);
      return;
    }
    for (const record of records) {
      if (record.offset >= this.#arrived) {
        this.#queue.push(record);
        this.#queuedBytes += record.value.byteLength;
      }
    }
    this.#arrived = Math.max(this.#arrived, next);
    this.#setPaused(this.#queuedBytes >= this.#deps.fetchBytes);
    this.#wake?.();
  }

  read = async (options: ReadOptions): Promise<BusRead> => {
    if (options.from !== this.#position) this.#reposition(options.from);
    const { clock } = this.#deps;
    const startMs = clock.monotonicMs();
    let waitMs = options.waitMs;
    while (!this.signal.aborted) {
      const found = this.#take(options);
      if (found.records.length > 0 || found.next > options.from || isPast(options)) return found;
      const leftMs = startMs + waitMs - clock.monotonicMs();
      if (leftMs > 0) {
        await this.#wait(leftMs);
      } else if (waitMs === options.waitMs && (await this.#hasMore())) {
        // The log has more: it may be on its way, or have come while the question was.
        waitMs += fetchWaitMs;
      } else {
        return found;
      }
    }
    return { records: [], next: options.from };
  };

  commit = async (committed: Committed): Promise<void> => {
    for (;;) {
      const next = this.#deps.nextDistribution();
      const outcome = this.#isFenced ? "fenced" : await this.#deps.commit(committed);
      if (outcome === "committed") return;
      if (outcome === "fenced") {
        this.fence();
        throw new PlumblineError(
          "bus.fenced",
          `Partition ${this.partition} of ${this.topic} belongs to another consumer.`,
        );
      }
      // The partition stays with this member until the distribution is made, and is taken only from one that has let go.
      await next;
    }
  };

  endOffset = async (): Promise<number> => (await this.#deps.bounds()).high;

  /** Whether the log has records behind the position; one that retention has overtaken is moved to the first that is left. */
  async #hasMore(): Promise<boolean> {
    const { low, high } = await this.#deps.bounds();
    if (low > this.#position) this.#reposition(low);
    return high > this.#position;
  }

  #reposition(offset: number): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#position = offset;
    this.#arrived = offset;
    this.#setPaused(false);
    this.#deps.seek(offset);
  }

  #take(options: ReadOptions): BusRead {
    const { until = Number.MAX_SAFE_INTEGER, maxRecords, maxBytes } = options;
    let count = 0;
    let bytes = 0;
    for (const { offset, value } of this.#queue) {
      if (count >= maxRecords || (count > 0 && bytes >= maxBytes) || offset >= until) break;
      count += 1;
      bytes += value.byteLength;
    }
    const records = this.#queue.splice(0, count);
    this.#queuedBytes -= bytes;
    // The offsets before the next record that was fetched, or before what is fetched next, are known to hold none.
    const passed = this.#queue[0]?.offset ?? this.#arrived;
    this.#position = Math.max(this.#position, Math.min(passed, until));
    this.#setPaused(this.#queuedBytes >= this.#deps.fetchBytes);
    return { records, next: Math.max(options.from, Math.min(this.#position, until)) };
  }

  #setPaused(isPaused: boolean): void {
    if (isPaused !== this.#isPaused) {
      this.#isPaused = isPaused;
      this.#deps.setPaused(isPaused);
    }
  }

  async #wait(ms: number): Promise<void> {
    const waiting = new AbortController();
    this.#wake = () => waiting.abort();
    await this.#deps.clock.sleep(ms, waiting.signal);
    this.#wake = null;
  }
}

const isPast = ({ from, until }: ReadOptions): boolean => until !== undefined && from >= until;
