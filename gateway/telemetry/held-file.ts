import { existsSync } from "node:fs";

/** A file by whose name something is ours. Whoever takes it over renames it, and then it is no longer here. */
export class HeldFile {
  readonly path: string;
  readonly #lost = new AbortController();

  constructor(path: string) {
    this.path = path;
  }

  /** Aborts when the loss is noticed. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Looks whether the file is still here; once it was not, it stays lost. */
  check(): boolean {
    if (!this.#lost.signal.aborted && !existsSync(this.path)) {
      this.#lost.abort();
    }
    return !this.#lost.signal.aborted;
  }
}
