import { readFile } from "node:fs/promises";
import type { EmbedderConfig } from "./embedder-config.ts";

/** The key of an endpoint: as configured, or as its file has it. */
export class EndpointKey {
  readonly #file: string | undefined;
  #key: string | null;

  constructor({ apiKey, apiKeyFile }: Pick<EmbedderConfig, "apiKey" | "apiKeyFile">) {
    this.#key = apiKey ?? null;
    this.#file = apiKeyFile;
  }

  /** The key; null where none is to be sent. Rejects when its file cannot be read or is empty. */
  async read(): Promise<string | null> {
    if (this.#file !== undefined && this.#key === null) {
      const key = (await readFile(this.#file, "utf8")).trim();
      if (key === "") {
        throw new Error("the file is empty");
      }
      this.#key = key;
    }
    return this.#key;
  }

  /** The next one to ask gets what the file holds by then. */
  forget(): void {
    if (this.#file !== undefined) {
      this.#key = null;
    }
  }
}
