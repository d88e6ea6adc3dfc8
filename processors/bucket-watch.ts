import type { ProcessorsDeps } from "./deps.ts";
import { RepeatedLook } from "./repeated-look.ts";

/** A detector that works one bucket of time after another. */
export interface BucketWatchArgs {
  readonly deps: ProcessorsDeps;
  /** What is done, in words, for the log: "answers are compared". */
  readonly what: string;
  readonly bucketMs: number;
  /** How far back it begins where nothing is stored. */
  readonly firstLookMs: number;
  /** Loads what is stored; resolves with the last bucket that was concluded, as milliseconds since the Unix epoch, or null. */
  readonly remember: () => Promise<number | null>;
  /** Works buckets from one on, none at or after `closedMs`; resolves with the next one when what it concluded is saved. */
  readonly work: (fromMs: number, closedMs: number) => Promise<number>;
}

/** Works every bucket as soon as it is over; after a failure it goes on from what is stored. */
export class BucketWatch {
  readonly #args: BucketWatchArgs;
  readonly #look: RepeatedLook;
  #nextMs: number | null = null;

  constructor(args: BucketWatchArgs) {
    const { clock, log, config } = args.deps;
    this.#args = args;
    this.#look = new RepeatedLook({
      ...{ clock, log, everySeconds: config.drift.everySeconds, what: args.what },
      look: (signal) => this.look(signal),
      // What was concluded in part is forgotten: the state that is stored holds.
      onFailure: () => {
        this.#nextMs = null;
      },
    });
  }

  start(): void {
    this.#look.start();
  }

  stop(): Promise<void> {
    return this.#look.stop();
  }

  /** Works every bucket that is over; resolves when what was concluded is saved. */
  async look(signal?: AbortSignal): Promise<void> {
    const { deps, bucketMs, firstLookMs, remember, work } = this.#args;
    const nowMs = deps.clock.nowMs() - deps.config.drift.closeSeconds * 1_000;
    const closedMs = nowMs - (nowMs % bucketMs);
    this.#nextMs ??= Math.max((await remember()) ?? 0, closedMs - firstLookMs - bucketMs) + bucketMs;
    while (this.#nextMs < closedMs && signal?.aborted !== true) {
      this.#nextMs = await work(this.#nextMs, closedMs);
    }
  }
}
