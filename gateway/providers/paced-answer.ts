import type { Clock } from "../../core/clock.ts";
import type { AnswerSink, Exchange } from "./provider.ts";

/** A part of an answer and when it leaves. */
export interface PacedChunk {
  /** Milliseconds since the request. */
  readonly atMs: number;
  readonly bytes: Buffer;
}

/** An answer made in this process, with its time line. */
export interface PacedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In order of time; the head leaves with the first. */
  readonly chunks: Iterable<PacedChunk>;
}

/** Plays an answer to a sink at its own pace. */
export const playAnswer = (answer: PacedAnswer, sink: AnswerSink, clock: Clock): Exchange => {
  const player = new Player(sink, clock);
  // A failure inside the sink has nowhere else to go than back to it: the call must end with a record.
  player.play(answer).catch(() => player.fail());
  return player;
};

class Player implements Exchange {
  readonly #sink: AnswerSink;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  #resumed: Promise<void> | null = null;
  #resume: (() => void) | null = null;

  constructor(sink: AnswerSink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  abort(): void {
    this.#abort.abort();
    this.resume();
  }

  pause(): void {
    this.#resumed ??= new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#resume?.();
    this.#resume = null;
    this.#resumed = null;
  }

  fail(): void {
    if (!this.#abort.signal.aborted) {
      this.#sink.onFailure({ kind: "cut", errorType: "_OTHER" });
    }
  }

  async play(answer: PacedAnswer): Promise<void> {
    const startMs = this.#clock.monotonicMs();
    let hasHead = false;
    for (const { atMs, bytes } of answer.chunks) {
      await this.#waitUntil(startMs + atMs);
      if (this.#abort.signal.aborted) {
        return;
      }
      if (!hasHead) {
        hasHead = true;
        this.#sink.onHead(answer.status, answer.headers);
      }
      this.#sink.onChunk(bytes);
    }
    if (!this.#abort.signal.aborted) {
      this.#sink.onEnd();
    }
  }

  async #waitUntil(atMs: number): Promise<void> {
    const waitMs = atMs - this.#clock.monotonicMs();
    // Timers count whole milliseconds: a shorter wait would only make the answer late.
    await (waitMs >= 1 ? this.#clock.sleep(waitMs, this.#abort.signal) : Promise.resolve());
    await this.#resumed;
  }
}
