import type { Alert } from "../../core/alert.ts";
import type { Clock } from "../../core/clock.ts";
import type { Ids } from "../../core/ids.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Store } from "../../store/store.ts";
import type { DeliveryConfig } from "./delivery-config.ts";
import type { Groups, Notification } from "./group.ts";
import { makeReceiver } from "./make-receiver.ts";
import type { DeadLetter } from "./memory.ts";
import { afterOutcome, afterRevival, limitLetters } from "./memory.ts";
import { MemoryKeeper } from "./memory-keeper.ts";
import { eventsOf } from "./notification-event.ts";
import { nextLookMs, plan } from "./plan.ts";
import type { DeliveryPolicy } from "./policy.ts";
import { policyOf } from "./policy-of.ts";
import type { Fetch } from "./post.ts";
import type { Outcome } from "./receiver-queue.ts";
import { ReceiverQueue } from "./receiver-queue.ts";
import { reportOutcome } from "./report-outcome.ts";
import type { Silence, SilenceRequest, SilenceResult } from "./silences.ts";
import { addSilence, endSilence, forgetSilences } from "./silences.ts";

/** What delivery works with. */
export interface DeliveryDeps {
  readonly store: Pick<Store, "readStates" | "saveStates" | "saveEvents">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly meter: Meter;
  /** From 0 to below 1; spreads retries. */
  readonly random: () => number;
  readonly fetch: Fetch;
  /** Address of the console as receivers reach it; notifications link to it. */
  readonly externalUrl: string;
  readonly config: DeliveryConfig;
}

/** Longest time between two looks, and the pause after one that failed, in milliseconds. */
const longestWaitMs = 10_000;
const failedWaitMs = 1_000;

/**
 * Tells receivers of alerts, at least once: a notification is saved before it is sent, and forgotten after it has arrived, so
 * that a restart loses none and sends one twice only under the same idempotency key.
 */
export class Delivery {
  readonly #deps: DeliveryDeps;
  readonly #policy: DeliveryPolicy;
  readonly #keeper: MemoryKeeper;
  readonly #queues: ReadonlyMap<string, ReceiverQueue>;
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
    const { config, meter } = deps;
    const { retry, graceSeconds } = config;
    const settings = Object.entries({ log: { kind: "log", sendsResolved: true } as const, ...config.receivers });
    const receivers = new Map(
      settings.map(([name, of]) => [name, makeReceiver(of, { ...deps, timeoutMs: retry.timeoutMs })]),
    );
    this.#policy = policyOf(config, receivers);
    this.#keeper = new MemoryKeeper({
      ...deps,
      graceMs: graceSeconds * 1_000,
      onEventsDropped: (count) => meter.add("deliveryEventsDropped", count),
    });
    const onDone = (given: Notification, outcome: Outcome): Promise<void> => this.#settle(given, outcome);
    this.#queues = new Map(
      [...receivers].map(([name, receiver]) => [name, new ReceiverQueue({ ...deps, name, receiver, onDone })]),
    );
  }

  /** Goes on from what is saved; rejects with `store.unavailable` when that cannot be read. */
  async start(): Promise<void> {
    await this.#keeper.load();
    for (const queue of this.#queues.values()) {
      queue.start();
    }
    const waiting = [...this.#keeper.memory.groups.values()].flatMap(({ outbox }) => outbox);
    await this.#enqueue(waiting.sort((a, b) => a.plannedAtMs - b.plannedAtMs));
    this.#running = this.#run();
  }

  /** Lets tries under way end. Everything accepted was sent, counted, or is saved for the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all([...this.#queues.values()].map((queue) => queue.stop()));
    await this.#keeper.close();
  }

  /** Accepts news of alerts; resolves when they are saved, and rejects with `store.unavailable` when they are not. */
  async deliver(alerts: readonly Alert[]): Promise<void> {
    await this.#look(alerts);
    this.#wake.abort();
  }

  /** Adds a silence and saves it, or says why it cannot be. */
  async silence(request: SilenceRequest): Promise<SilenceResult> {
    const { ids, clock } = this.#deps;
    const { result } = await this.#keeper.change((memory): { memory: typeof memory; result: SilenceResult } => {
      const added = addSilence(memory.silences, request, { id: ids.next(), nowMs: clock.nowMs() });
      return added.ok
        ? { memory: { ...memory, silences: added.silences }, result: { ok: true, silence: added.added } }
        : { memory, result: added };
    });
    return result;
  }

  /** Ends a silence; false when there is none with this id that has not ended. */
  async endSilence(id: string): Promise<boolean> {
    const { isEnded } = await this.#keeper.change((memory) => {
      const silences = endSilence(memory.silences, id, this.#deps.clock.nowMs());
      return { memory: { ...memory, silences: silences ?? memory.silences }, isEnded: silences !== null };
    });
    return isEnded;
  }

  /** Silences that hold, will hold, or ended in the last five days. */
  silences(): readonly Silence[] {
    return [...this.#keeper.memory.silences.values()];
  }

  /** The groups of alerts, with what was told of them and what is still to be sent. */
  groups(): Groups {
    return this.#keeper.memory.groups;
  }

  /** Notifications that were not sent and are not tried by themselves any more, oldest first. */
  deadLetters(): readonly DeadLetter[] {
    return [...this.#keeper.memory.letters.values()];
  }

  /** Sends a dead letter again, under its own idempotency key; false when there is no such letter. */
  async revive(id: string): Promise<boolean> {
    const { revived } = await this.#keeper.change((memory) => {
      const found = afterRevival(memory, id, this.#deps.clock.nowMs());
      return { memory: found?.memory ?? memory, revived: found === null ? [] : [found.notification] };
    });
    await this.#enqueue(revived);
    return revived.length > 0;
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      this.#wake = new AbortController();
      const wake = AbortSignal.any([this.#stopping.signal, this.#wake.signal]);
      // What cannot be saved is planned again at the next look; the keeper says so.
      await this.#look([]).catch(() => {});
      const nextMs = nextLookMs(this.#keeper.memory.groups) ?? Number.POSITIVE_INFINITY;
      const leastMs = this.#keeper.isFailing ? failedWaitMs : 0;
      await clock.sleep(Math.max(leastMs, Math.min(longestWaitMs, nextMs - clock.nowMs())), wake);
    }
  }

  /** Plans, saves what was planned, and only then hands it to the queues. */
  async #look(alerts: readonly Alert[]): Promise<void> {
    const { clock, meter } = this.#deps;
    const { planned } = await this.#keeper.change((memory) => {
      const nowMs = clock.nowMs();
      const state = { groups: memory.groups, silences: forgetSilences(memory.silences, nowMs) };
      const planned = plan({ state, alerts, policy: this.#policy, nowMs });
      return { memory: { ...memory, ...planned.state }, planned };
    });
    for (const { receiver, reason } of planned.reasons) {
      meter.add("deliveryLooks", 1, { receiver, reason });
    }
    await this.#enqueue(planned.notifications);
  }

  async #enqueue(notifications: readonly Notification[]): Promise<void> {
    for (const [name, given] of Map.groupBy(notifications, ({ receiver }) => receiver)) {
      const queue = this.#queues.get(name);
      const reason = queue === undefined ? "receiver_gone" : "queue_full";
      for (const dropped of queue?.push(given) ?? given) {
        const says = "it was not tried";
        await this.#settle(dropped, { state: "failed", reason, code: "delivery.dropped", says, tries: 0 });
      }
    }
  }

  async #settle(given: Notification, outcome: Outcome): Promise<void> {
    const { clock, meter, config } = this.#deps;
    const nowMs = clock.nowMs();
    reportOutcome(this.#deps, given, outcome);
    await this.#keeper.record(
      (memory) => {
        const limited = limitLetters(afterOutcome(memory, given, { outcome, nowMs }), config.deadLetterLimit);
        meter.add("deliveryLettersDropped", limited.dropped);
        return limited.memory;
      },
      eventsOf(given, outcome, nowMs),
    );
  }
}
