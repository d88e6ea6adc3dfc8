import { z } from "zod";

/** How much of answers is read whose callers have gone away. */
export const abortDrainConfig = z
  .strictObject({
    calls: z
      .int()
      .min(0)
      .max(10_000)
      .default(32)
      .describe("Such answers read at the same time; further ones are cut off at once, as all are with 0."),
    ms: z.int().min(1).max(3_600_000).default(30_000).describe("Milliseconds that one is read on at most."),
    bytes: z.int().min(1).max(1_073_741_824).default(4_194_304).describe("Bytes of one that are read at most."),
  })
  .prefault({});

/** How much of answers is read whose callers have gone away. */
export type AbortDrainConfig = z.infer<typeof abortDrainConfig>;

/** The places for answers that are read to their end without a caller, to learn what the provider bills for them. */
export class AbortDrains {
  readonly config: AbortDrainConfig;
  readonly #onSize: (size: number) => void;
  #taken = 0;

  /** `onSize` is told the number of places taken whenever it changes. */
  constructor(config: AbortDrainConfig, onSize: (size: number) => void) {
    this.config = config;
    this.#onSize = onSize;
  }

  /** Takes a place; false when there is none. */
  take(): boolean {
    const isFree = this.#taken < this.config.calls;
    if (isFree) {
      this.#taken += 1;
      this.#onSize(this.#taken);
    }
    return isFree;
  }

  release(): void {
    this.#taken -= 1;
    this.#onSize(this.#taken);
  }
}
