import type { Log } from "../core/log.ts";
import type { Topic } from "./log-state.ts";
import { ensureTopic } from "./log-state.ts";
import type { StateTable } from "./log-storage.ts";

/** Finds and creates topics; says once when a topic keeps another number of partitions than is configured. */
export class TopicRegistry {
  readonly #partitions: number;
  readonly #log: Log;
  readonly #warned = new Set<string>();

  constructor(args: { readonly partitions: number; readonly log: Log }) {
    this.#partitions = args.partitions;
    this.#log = args.log;
  }

  /** The topic of that name, created when it is new; inside a transaction. */
  ensure(state: StateTable, name: string): Topic {
    const topic = ensureTopic(state, name, this.#partitions);
    if (topic.partitions !== this.#partitions && !this.#warned.has(name)) {
      this.#warned.add(name);
      const { partitions } = topic;
      this.#log.warn({ topic: name, partitions, configured: this.#partitions }, "the topic keeps its partitions");
    }
    return topic;
  }
}
