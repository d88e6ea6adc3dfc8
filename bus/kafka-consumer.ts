import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { ConsumeOptions, Subscription } from "./bus.ts";
import type { KafkaBusConfig } from "./config.ts";
import { assignCooperatively } from "./cooperative-assignment.ts";
import type { Claim, Fetched, KafkaDriver, KafkaMember } from "./kafka-driver.ts";
import { isCoordinatorMoving } from "./kafka-errors.ts";
import { KafkaTenure } from "./kafka-tenure.ts";

/** What a consumer works with. */
export interface KafkaConsumerDeps {
  readonly driver: KafkaDriver;
  readonly config: KafkaBusConfig;
  readonly clock: Clock;
  readonly log: Log;
}

const minPauseMs = 100;
const maxPauseMs = 5_000;
/** A coordinator moves in some seconds; one that takes longer is worth a word. */
const maxMoveMs = 15_000;

/**
 * One member of a Kafka consumer group: joins, runs a session for each partition it is given, lets go of those that it is to
 * give up once their work has ended, and joins anew whenever the membership has ended by itself.
 */
export class KafkaConsumer implements Subscription {
  readonly #deps: KafkaConsumerDeps;
  readonly #options: ConsumeOptions;
  readonly #tenures = new Map<number, KafkaTenure>();
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #member: KafkaMember | null = null;
  #memberId = "";
  #assigned: ReadonlySet<number> = new Set();
  #distributed = Promise.withResolvers<void>();
  #stopped: Promise<void> | null = null;

  constructor(deps: KafkaConsumerDeps, options: ConsumeOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#loop = this.#run();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#leave();
    return this.#stopped;
  }

  async #leave(): Promise<void> {
    this.#stopping.abort();
    for (const tenure of this.#tenures.values()) tenure.revoke();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    let pauseMs = minPauseMs;
    let failingSinceMs: number | null = null;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#live(() => {
          pauseMs = minPauseMs;
          failingSinceMs = null;
        });
      } catch (error) {
        failingSinceMs ??= clock.monotonicMs();
        if (!isCoordinatorMoving(error) || clock.monotonicMs() - failingSinceMs > maxMoveMs) {
          this.#options.onError?.(error);
        }
        await clock.sleep(pauseMs, this.#stopping.signal);
        pauseMs = Math.min(pauseMs * 2, maxPauseMs);
      }
    }
  }

  /** One membership, from joining to its end; rejects when it ended by itself. */
  async #live(onJoined: () => void): Promise<void> {
    const { driver } = this.#deps;
    const { topic, group } = this.#options;
    const failed = Promise.withResolvers<void>();
    // The failure may come while nobody waits for it yet.
    failed.promise.catch(() => {});
    await driver.ensureTopic(topic);
    try {
      this.#member = await driver.join({
        topic,
        group,
        claim: () => this.#claim(),
        assign: assignCooperatively,
        onJoined: (joined) => {
          onJoined();
          this.#distribute(joined);
        },
        onFetched: (fetched) => this.#feed(fetched),
        onFailed: failed.reject,
      });
      this.#openMissing();
      await Promise.race([failed.promise, aborted(this.#stopping.signal)]);
    } finally {
      await this.#end();
    }
  }

  /** Ends the membership: after a failure its partitions may have other owners already. */
  async #end(): Promise<void> {
    const hasFailed = !this.#stopping.signal.aborted;
    this.#assigned = new Set();
    for (const tenure of this.#tenures.values()) {
      if (hasFailed) tenure.fence();
      else tenure.revoke();
    }
    this.#tellDistributed();
    const member = this.#member;
    await Promise.all([...this.#tenures.values()].map(({ ended }) => ended));
    this.#member = null;
    this.#memberId = "";
    await member?.stop().catch((error: unknown) => this.#options.onError?.(error));
  }

  #claim(): Claim {
    return { memberId: this.#memberId, owned: [...this.#tenures.keys()] };
  }

  #distribute({ memberId, partitions }: { readonly memberId: string; readonly partitions: readonly number[] }): void {
    const isNewcomer = memberId !== this.#memberId;
    this.#memberId = memberId;
    this.#assigned = new Set(this.#stopping.signal.aborted ? [] : partitions);
    for (const [partition, tenure] of this.#tenures) {
      // Put out of the group and in again: others may have had its partitions meanwhile.
      if (isNewcomer) tenure.fence();
      else if (this.#assigned.has(partition)) tenure.goOn();
      else tenure.revoke();
    }
    this.#tellDistributed();
    this.#openMissing();
  }

  #tellDistributed(): void {
    this.#distributed.resolve();
    this.#distributed = Promise.withResolvers();
  }

  #feed(fetched: Fetched): void {
    this.#tenures.get(fetched.partition)?.feed(fetched);
  }

  #openMissing(): void {
    const member = this.#member;
    if (member === null) return;
    for (const partition of this.#assigned) {
      if (this.#tenures.has(partition)) continue;
      const tenure = new KafkaTenure({
        ...this.#deps,
        options: this.#options,
        partition,
        member,
        nextDistribution: () => this.#distributed.promise,
        onEnded: () => this.#release(partition, member),
      });
      this.#tenures.set(partition, tenure);
    }
  }

  /** A partition was let go of: it is taken anew when it was given back meanwhile, else others may have it. */
  #release(partition: number, member: KafkaMember): void {
    this.#tenures.delete(partition);
    if (this.#stopping.signal.aborted || member !== this.#member) return;
    if (this.#assigned.has(partition)) this.#openMissing();
    else member.rejoin();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
