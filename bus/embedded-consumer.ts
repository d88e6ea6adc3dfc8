import type { ConsumeOptions, Subscription } from "./bus.ts";
import { removeMember } from "./group-state.ts";
import type { HeldPartition, Observer } from "./lease.ts";
import { isIdle } from "./lease.ts";
import type { Topic } from "./log-state.ts";
import type { Assignment, Standing, Tenure } from "./membership.ts";
import { planOf, releasePartition, tendMembership } from "./membership.ts";
import type { SessionDeps } from "./partition-session.ts";
import { openSession } from "./partition-session.ts";
import { changesOf } from "./subjects.ts";
import type { TopicRegistry } from "./topic-registry.ts";

/** What a consumer works with. */
export interface ConsumerDeps extends SessionDeps {
  readonly topics: TopicRegistry;
  readonly leaseMs: number;
  /** Id of this member, of no other. */
  readonly memberId: string;
  readonly pid: number;
  readonly host: string;
  readonly isRunning: (pid: number) => boolean;
}

interface Running {
  readonly tenure: Tenure;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** How often at most a consumer looks whether its share has changed, in milliseconds. */
const watchMs = 500;

/** One member of a group: keeps its share of a topic's partitions and runs a session for each. */
export class EmbeddedConsumer implements Subscription {
  readonly #deps: ConsumerDeps;
  readonly #options: ConsumeOptions;
  readonly #joinedAtMs: number;
  readonly #sessions = new Map<number, Running>();
  readonly #barredUntilMs = new Map<number, number>();
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #topic: Topic | null = null;
  #tendedAtMs = Number.NEGATIVE_INFINITY;
  #stopped: Promise<void> | null = null;

  constructor(deps: ConsumerDeps, options: ConsumeOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#joinedAtMs = deps.clock.nowMs();
    this.#loop = this.#run();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#leave();
    return this.#stopped;
  }

  async #run(): Promise<void> {
    const { wakeups, leaseMs } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      try {
        if (this.#isDue()) await this.#tend();
      } catch (error) {
        this.#options.onError?.(error);
      }
      await wakeups.wait(this.#subject, Math.min(watchMs, leaseMs / 3), this.#stopping.signal);
    }
  }

  get #subject(): string {
    return changesOf(this.#options.topic, this.#options.group);
  }

  #isDue(): boolean {
    const { clock, leaseMs, storage } = this.#deps;
    if (this.#topic === null || clock.monotonicMs() - this.#tendedAtMs >= leaseMs / 3) return true;
    storage.refresh();
    return !isIdle(planOf(storage.state, this.#standing(this.#topic)));
  }

  async #tend(): Promise<void> {
    const { clock, queue, storage, topics, wakeups } = this.#deps;
    const isJoining = this.#topic === null;
    const startedMs = clock.monotonicMs();
    const { topic, plan, assigned } = await queue.run(() => {
      const found = topics.ensure(storage.state, this.#options.topic);
      return { topic: found, ...tendMembership(storage.state, this.#standing(found)) };
    });
    this.#topic = topic;
    this.#tendedAtMs = startedMs;
    for (const partition of [...plan.lost, ...plan.giveBack]) this.#sessions.get(partition)?.controller.abort();
    for (const assignment of assigned) this.#open(topic, assignment);
    if (isJoining) wakeups.wake(this.#subject);
  }

  #standing(topic: Topic): Standing {
    const { clock, leaseMs, memberId, pid, host, isRunning } = this.#deps;
    const nowMs = clock.nowMs();
    const observer: Observer = { nowMs, host, isRunning };
    const held: readonly HeldPartition[] = [...this.#sessions.values()].map(({ tenure, controller }) => ({
      partition: tenure.partition,
      epoch: tenure.epoch,
      isLeaving: controller.signal.aborted,
    }));
    const barred = [...this.#barredUntilMs].filter(([, untilMs]) => untilMs > nowMs).map(([partition]) => partition);
    const me = { id: memberId, pid, host, joinedAtMs: this.#joinedAtMs, expiresMs: nowMs + leaseMs };
    return { topic, group: this.#options.group, me, held, barred: new Set(barred), observer };
  }

  #open(topic: Topic, assignment: Assignment): void {
    const { partition, epoch } = assignment;
    const controller = new AbortController();
    const tenure = { topicId: topic.id, group: this.#options.group, partition, owner: this.#deps.memberId, epoch };
    const session = openSession(this.#deps, { topic: topic.name, tenure, assignment, controller });
    // A partition may be assigned while the consumer is being stopped: its handler then starts aborted and ends at once.
    if (this.#stopping.signal.aborted) controller.abort();
    const ended = Promise.resolve()
      .then(() => this.#options.onPartition(session))
      .catch((error: unknown) => this.#options.onError?.(error))
      .then(() => this.#close(tenure, controller));
    this.#sessions.set(partition, { tenure, controller, ended });
  }

  async #close(tenure: Tenure, controller: AbortController): Promise<void> {
    const { clock, leaseMs, queue, storage, wakeups } = this.#deps;
    // A handler that ended of itself most likely failed; a pause keeps a lasting failure from running in circles.
    if (!controller.signal.aborted) {
      this.#barredUntilMs.set(tenure.partition, clock.nowMs() + Math.min(watchMs, leaseMs / 3));
    }
    controller.abort();
    try {
      await queue.run(() => releasePartition(storage.state, tenure));
    } catch (error) {
      this.#options.onError?.(error);
    }
    this.#sessions.delete(tenure.partition);
    wakeups.wake(this.#subject);
  }

  async #leave(): Promise<void> {
    const { memberId, queue, storage, wakeups } = this.#deps;
    this.#stopping.abort();
    for (const { controller } of this.#sessions.values()) controller.abort();
    await this.#loop;
    await Promise.all([...this.#sessions.values()].map(({ ended }) => ended));
    const topic = this.#topic;
    if (topic === null) return;
    try {
      await queue.run(() => removeMember(storage.state, { topicId: topic.id, group: this.#options.group }, memberId));
    } catch (error) {
      this.#options.onError?.(error);
    }
    wakeups.wake(this.#subject);
  }
}
