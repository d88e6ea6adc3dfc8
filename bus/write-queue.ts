import { PlumblineError } from "../core/errors.ts";
import type { LogStorage } from "./log-storage.ts";

interface Write {
  readonly bytes: number;
  readonly run: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Bounds of one transaction, so that no writer of another process waits long. */
const maxWrites = 2_000;
const maxBytes = 8 * 1024 * 1024;

/**
 * Group commit: writes that come while a transaction is under way share the next one, and one sync. Writes run in the order
 * in which they came; each settles when its transaction is durable, or rejects with `bus.unavailable` with nothing stored.
 */
export class WriteQueue {
  readonly #transact: LogStorage["transact"];
  #waiting: Write[] = [];
  #draining: Promise<void> | null = null;
  #isClosed = false;

  constructor(transact: LogStorage["transact"]) {
    this.#transact = transact;
  }

  /** Runs a write in a transaction and resolves with what it returned; `bytes` is about what it stores. */
  run<T>(write: () => T, bytes = 0): Promise<T> {
    if (this.#isClosed) return Promise.reject(new PlumblineError("bus.closed", "The bus is closed."));
    return new Promise((resolve, reject) => {
      let done: { readonly value: T } | null = null;
      this.#waiting.push({
        bytes,
        run: () => {
          done = { value: write() };
        },
        resolve: () => (done === null ? reject(new Error("A write was never run.")) : resolve(done.value)),
        reject,
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Refuses further writes and resolves when those under way have settled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      let batch: readonly Write[] = [];
      try {
        await this.#transact(() => {
          batch = this.#take();
          for (const { run } of batch) run();
        });
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        const error = new PlumblineError("bus.unavailable", "The bus could not store its records.", { cause });
        for (const { reject } of batch.length > 0 ? batch : this.#take()) reject(error);
      }
    }
    this.#draining = null;
  }

  #take(): readonly Write[] {
    let count = 0;
    let bytes = 0;
    for (const write of this.#waiting) {
      if (count === maxWrites || (count > 0 && bytes + write.bytes > maxBytes)) break;
      count += 1;
      bytes += write.bytes;
    }
    const batch = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return batch;
  }
}
