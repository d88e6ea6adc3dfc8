import type { Clock } from "../../core/clock.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { DeliveryConfig } from "./delivery-config.ts";
import type { Notification } from "./group.ts";
import type { Receiver } from "./receiver.ts";
import { retryDelay } from "./retry-delay.ts";
import type { Waiting } from "./waiting.ts";
import { nextTry } from "./waiting.ts";

/** How long it sleeps while nothing waits, in milliseconds; whatever comes wakes it. */
const longestWaitMs = 60_000;

/** Why a notification was not sent. */
export type FailureReason = "gave_up" | "refused" | "queue_full" | "receiver_gone";

/** What became of a notification; `tries` is 0 where it was not even tried. */
export type Outcome =
  | { readonly state: "sent"; readonly tries: number }
  | {
      readonly state: "failed";
      readonly reason: FailureReason;
      readonly code: ErrorCode;
      readonly says: string;
      readonly tries: number;
    };

/** What a queue works with. */
export interface QueueDeps {
  readonly name: string;
  readonly receiver: Receiver;
  readonly clock: Clock;
  readonly meter: Meter;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly config: Pick<DeliveryConfig, "retry" | "queueLimit">;
  /** Called once for each notification that is done with, in their order; the queue goes on when it resolves. */
  readonly onDone: (notification: Notification, outcome: Outcome) => Promise<void>;
}

/**
 * Sends the notifications of one receiver, one at a time, each until it arrives, is refused, or is too old. Those of a group keep
 * their order. What waits is bounded: beyond the limit the oldest is given up.
 */
export class ReceiverQueue {
  readonly #deps: QueueDeps;
  readonly #stopping = new AbortController();
  #waiting: readonly Waiting[] = [];
  #failuresInARow = 0;
  /** A receiver that is down is not asked more often because more waits for it. */
  #pausedUntilMs = 0;
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Lets the try under way end; what waits is not tried any more, and stays saved. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#deps.receiver.close();
  }

  /** Appends notifications; returns those that had to give way. */
  push(notifications: readonly Notification[]): readonly Notification[] {
    const added = notifications.map((notification) => ({ notification, tries: 0, notBeforeMs: 0, says: "" }));
    const all = [...this.#waiting, ...added];
    const over = Math.max(0, all.length - this.#deps.config.queueLimit);
    this.#setWaiting(all.slice(over));
    this.#wake.abort();
    return all.slice(0, over).map(({ notification }) => notification);
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      this.#wake = new AbortController();
      const nowMs = clock.nowMs();
      const next = nextTry(this.#waiting, nowMs);
      const untilMs = next.kind === "try" ? this.#pausedUntilMs : Math.max(next.untilMs ?? 0, this.#pausedUntilMs);
      if (next.kind === "try" && untilMs <= nowMs) {
        await this.#try(next.waiting);
      } else {
        const isEmpty = next.kind === "wait" && next.untilMs === null;
        await clock.sleep(isEmpty ? longestWaitMs : untilMs - nowMs, this.#signal());
      }
    }
  }

  /** Ends a wait: always when it is stopped, and when something new has come. */
  #signal(): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, this.#wake.signal]);
  }

  async #try(waiting: Waiting): Promise<void> {
    const { receiver, meter, name } = this.#deps;
    const { notification } = waiting;
    this.#setWaiting(this.#waiting.filter((each) => each !== waiting));
    const result = await receiver.send(notification);
    const tries = waiting.tries + 1;
    if (result.kind === "sent") {
      this.#failuresInARow = 0;
      await this.#deps.onDone(notification, { state: "sent", tries });
      return;
    }
    const { code, says } = result;
    meter.add("deliveryErrors", 1, { receiver: name, code });
    if (result.kind === "refused") {
      await this.#deps.onDone(notification, { state: "failed", reason: "refused", code, says, tries });
      return;
    }
    await this.#postpone({ ...waiting, tries, says }, result.afterMs);
  }

  /** Puts a notification back in its place for later, and gives up what is too old: the receiver is evidently away. */
  async #postpone(failed: Waiting, afterMs: number | null): Promise<void> {
    const { clock, random, config } = this.#deps;
    const { baseMs, maxMs, giveUpSeconds } = config.retry;
    const nowMs = clock.nowMs();
    const giveUpMs = giveUpSeconds * 1_000;
    const ageMs = nowMs - failed.notification.plannedAtMs;
    const times = { ageMs, baseMs, maxMs, giveUpMs, random: random(), afterMs };
    this.#failuresInARow += 1;
    this.#pausedUntilMs = nowMs + (retryDelay({ ...times, tries: this.#failuresInARow, ageMs: 0 }) ?? 0);
    const delayMs = retryDelay({ ...times, tries: failed.tries });
    const back = { ...failed, notBeforeMs: nowMs + (delayMs ?? 0) };
    const [old, young] = partition(
      [back, ...this.#waiting],
      ({ notification }) => nowMs - notification.plannedAtMs >= giveUpMs,
    );
    this.#setWaiting(young.toSorted((a, b) => a.notification.plannedAtMs - b.notification.plannedAtMs));
    for (const { notification, tries, says } of old) {
      const outcome = { state: "failed", reason: "gave_up", code: "delivery.unreachable", says, tries } as const;
      await this.#deps.onDone(notification, outcome);
    }
  }

  #setWaiting(waiting: readonly Waiting[]): void {
    this.#waiting = waiting;
    this.#deps.meter.set("deliveryQueued", waiting.length, { receiver: this.#deps.name });
  }
}

const partition = <T>(all: readonly T[], isFirst: (each: T) => boolean): readonly [readonly T[], readonly T[]] => [
  all.filter(isFirst),
  all.filter((each) => !isFirst(each)),
];
