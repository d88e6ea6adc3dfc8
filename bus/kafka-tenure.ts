import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Committed, ConsumeOptions } from "./bus.ts";
import type { KafkaBusConfig } from "./config.ts";
import type { Fetched, KafkaDriver, KafkaMember } from "./kafka-driver.ts";
import { KafkaSession } from "./kafka-session.ts";

/** What a tenure works with. */
export interface KafkaTenureDeps {
  readonly driver: KafkaDriver;
  readonly config: KafkaBusConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly options: ConsumeOptions;
  readonly partition: number;
  readonly member: KafkaMember;
  readonly nextDistribution: () => Promise<void>;
  /** Called when the work has ended, before `ended` resolves. */
  readonly onEnded: () => void;
}

/** Pause before a partition whose work has failed is begun again, in milliseconds. */
const againMs = 200;

/** The time in which a member owns a partition: one session after the other, until it is to give the partition up. */
export class KafkaTenure {
  readonly ended: Promise<void>;
  readonly #deps: KafkaTenureDeps;
  readonly #ending = new AbortController();
  #session: KafkaSession | null = null;

  constructor(deps: KafkaTenureDeps) {
    this.#deps = deps;
    this.ended = this.#run().then(deps.onEnded);
  }

  /** Asks the work to finish; it may still commit. */
  revoke(): void {
    this.#ending.abort();
    this.#session?.revoke();
  }

  /** Others may own the partition: the work is to finish, and commits are refused. */
  fence(): void {
    this.#ending.abort();
    this.#session?.fence();
  }

  /** The partition stays here in a new distribution; the client has forgotten how far it has read. */
  goOn(): void {
    const session = this.#session;
    if (session !== null) this.#deps.member.seek(this.#deps.partition, session.arrived);
  }

  feed(fetched: Fetched): void {
    this.#session?.feed(fetched);
  }

  async #run(): Promise<void> {
    const { clock, options, member, partition } = this.#deps;
    while (!this.#ending.signal.aborted) {
      member.pause(partition);
      try {
        await this.#work();
      } catch (error) {
        options.onError?.(error);
      }
      this.#session = null;
      await clock.sleep(againMs, this.#ending.signal);
    }
    member.pause(partition);
  }

  async #work(): Promise<void> {
    const { member, partition, options } = this.#deps;
    const committed = await this.#startingPoint();
    if (this.#ending.signal.aborted) return;
    const session = new KafkaSession(this.#sessionDeps(), committed);
    this.#session = session;
    member.seek(partition, committed.offset);
    member.resume(partition);
    await options.onPartition(session);
  }

  /** What the group has committed, moved to where the log has records. */
  async #startingPoint(): Promise<Committed> {
    const { driver, log, options, partition } = this.#deps;
    const { topic, group } = options;
    const [committed, offsets] = await Promise.all([driver.committed({ topic, group }), driver.offsets(topic)]);
    const { low, high } = offsets.find((each) => each.partition === partition) ?? { low: 0, high: 0 };
    const known = committed.get(partition) ?? { offset: low, metadata: "" };
    const offset = Math.min(Math.max(known.offset, low), high);
    if (offset !== known.offset) {
      const fields = { topic, partition, group, committed: known.offset, low, high };
      log.error(fields, "the log no longer has the committed offset: records were lost to retention or a broker");
    }
    return { offset, metadata: known.metadata };
  }

  #sessionDeps(): ConstructorParameters<typeof KafkaSession>[0] {
    const { driver, clock, config, options, partition, member, nextDistribution } = this.#deps;
    const { topic } = options;
    return {
      topic,
      partition,
      clock,
      fetchBytes: config.fetchBytes,
      setPaused: (isPaused) => (isPaused ? member.pause(partition) : member.resume(partition)),
      seek: (offset) => member.seek(partition, offset),
      commit: (committed) => member.commit(partition, committed),
      nextDistribution,
      bounds: async () =>
        (await driver.offsets(topic)).find((each) => each.partition === partition) ?? { low: 0, high: 0 },
    };
  }
}
