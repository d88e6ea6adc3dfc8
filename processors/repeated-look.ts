import type { Clock } from "../core/clock.ts";
import { isRetryable, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

/** A look that is taken again and again. */
export interface RepeatedLookArgs {
  readonly clock: Clock;
  readonly log: Log;
  readonly everySeconds: number;
  /** What is done, in words, for the log: "answers are compared". */
  readonly what: string;
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** After a look that failed: what it concluded in part is to be forgotten. */
  readonly onFailure: () => void;
}

/** Takes a look every so many seconds, whatever became of the last; it says once that they fail, and once that they do again. */
export class RepeatedLook {
  readonly #args: RepeatedLookArgs;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(args: RepeatedLookArgs) {
    this.#args = args;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#lookPatiently(signal);
      await this.#args.clock.sleep(this.#args.everySeconds * 1_000, signal);
    }
  }

  async #lookPatiently(signal: AbortSignal): Promise<void> {
    const { log, look, onFailure, what } = this.#args;
    try {
      await look(signal);
      if (this.#isFailing) {
        log.info({}, `${what} again`);
      }
      this.#isFailing = false;
    } catch (error) {
      onFailure();
      if (!this.#isFailing) {
        const level = isRetryable(error) ? "warn" : "error";
        log[level]({ err: messageOf(error) }, `not for now: ${what}`);
      }
      this.#isFailing = true;
    }
  }
}
