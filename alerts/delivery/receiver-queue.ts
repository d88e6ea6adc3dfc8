import type { Clock } from "../../core/clock.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { DeliveryConfig } from "./delivery-config.ts";
import type { Notification } from "./group.ts";
import type { Receiver, SendResult } from "./receiver.ts";
import { retryDelay } from "./retry-delay.ts";

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
 * Sends the notifications of one receiver, one after the other, each until it arrives, is refused, or is too old. What waits is
 * bounded: beyond the limit the oldest is given up.
 */
export class ReceiverQueue {
  readonly #deps: QueueDeps;
  readonly #stopping = new AbortController();
  #waiting: readonly Notification[] = [];
  #wake = Promise.withResolvers<void>();
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
    this.#wake.resolve();
    await this.#running;
    this.#deps.receiver.close();
  }

  /** Appends notifications; resolves with those that had to give way. */
  push(notifications: readonly Notification[]): readonly Notification[] {
    const all = [...this.#waiting, ...notifications];
    const over = Math.max(0, all.length - this.#deps.config.queueLimit);
    this.#waiting = all.slice(over);
    this.#measure();
    this.#wake.resolve();
    return all.slice(0, over);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const [head, ...rest] = this.#waiting;
      if (head === undefined) {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
        continue;
      }
      this.#waiting = rest;
      const outcome = await this.#send(head);
      if (outcome !== null) {
        await this.#deps.onDone(head, outcome);
      }
      this.#measure();
    }
  }

  /** Tries until something comes of it; null when it was stopped before. */
  async #send(notification: Notification): Promise<Outcome | null> {
    const { clock, receiver, meter, name } = this.#deps;
    for (let tries = 1; !this.#stopping.signal.aborted; tries += 1) {
      const result = await receiver.send(notification);
      if (result.kind === "sent") {
        return { state: "sent", tries };
      }
      meter.add("deliveryErrors", 1, { receiver: name, code: result.code });
      const { code, says } = result;
      if (result.kind === "refused") {
        return { state: "failed", reason: "refused", code, says, tries };
      }
      const pauseMs = this.#pauseAfter(result, notification, tries);
      if (pauseMs === null) {
        return { state: "failed", reason: "gave_up", code, says, tries };
      }
      await clock.sleep(pauseMs, this.#stopping.signal);
    }
    return null;
  }

  #pauseAfter(
    { afterMs }: Extract<SendResult, { kind: "retry" }>,
    { plannedAtMs }: Notification,
    tries: number,
  ): number | null {
    const { clock, random, config } = this.#deps;
    const { baseMs, maxMs, giveUpSeconds } = config.retry;
    const ageMs = clock.nowMs() - plannedAtMs;
    return retryDelay({ tries, afterMs, ageMs, baseMs, maxMs, giveUpMs: giveUpSeconds * 1_000, random: random() });
  }

  #measure(): void {
    this.#deps.meter.set("deliveryQueued", this.#waiting.length, { receiver: this.#deps.name });
  }
}
