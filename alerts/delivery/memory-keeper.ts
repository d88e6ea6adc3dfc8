import { isRetryable, messageOf } from "../../core/errors.ts";
import type { RoleEvents } from "../../core/events.ts";
import type { Store } from "../../store/store.ts";
import type { Memory } from "./memory.ts";
import { emptyMemory } from "./memory.ts";
import type { SavedStatesDeps } from "./saved-states.ts";
import { SavedStates } from "./saved-states.ts";

/** Events that wait for a store that is away; beyond it the oldest are dropped and counted. */
const mostEvents = 1_000;

/** What the keeper works with. */
export interface MemoryKeeperDeps extends SavedStatesDeps {
  readonly store: Pick<Store, "readStates" | "saveStates" | "saveEvents">;
  /** Called with events that the store did not take in time. */
  readonly onEventsDropped: (count: number) => void;
}

/** Holds what delivery remembers, changes it one change at a time, and saves each. */
export class MemoryKeeper {
  readonly #deps: MemoryKeeperDeps;
  readonly #states: SavedStates;
  #memory: Memory = emptyMemory;
  #events: readonly RoleEvents[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #isFailing = false;

  constructor(deps: MemoryKeeperDeps) {
    this.#deps = deps;
    this.#states = new SavedStates(deps);
  }

  /** What is remembered now. */
  get memory(): Memory {
    return this.#memory;
  }

  /** Whether the last change could not be saved. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  async load(): Promise<void> {
    this.#memory = await this.#states.load();
  }

  /** Makes a change once it is saved; when it cannot be, it rejects and nothing has changed. */
  change<T extends { readonly memory: Memory }>(decide: (memory: Memory) => T): Promise<T> {
    return this.#inTurn(async () => {
      const decided = decide(this.#memory);
      await this.#save(decided.memory);
      this.#memory = decided.memory;
      return decided;
    });
  }

  /** Makes a change that has happened already, whether it can be saved or not; a later save makes good for it. */
  record(decide: (memory: Memory) => Memory, events: RoleEvents): Promise<void> {
    return this.#inTurn(async () => {
      this.#memory = decide(this.#memory);
      const all = [...this.#events, events];
      this.#events = all.slice(-mostEvents);
      if (all.length > mostEvents) {
        this.#deps.onEventsDropped(all.length - mostEvents);
      }
      await this.#save(this.#memory).catch(() => {});
    });
  }

  /** Waits for the change under way; counts the events that were not saved. */
  async close(): Promise<void> {
    await this.#inTurn(() => this.#save(this.#memory)).catch(() => {});
    if (this.#events.length > 0) {
      this.#deps.onEventsDropped(this.#events.length);
    }
  }

  async #save(memory: Memory): Promise<void> {
    try {
      await this.#states.save(memory);
      for (const events of this.#events) {
        await this.#deps.store.saveEvents(events);
        this.#events = this.#events.slice(1);
      }
      this.#say(null);
    } catch (error) {
      this.#say(error);
      throw error;
    }
  }

  /** One line when saving begins to fail, and one when it works again. */
  #say(error: unknown): void {
    const { log } = this.#deps;
    const isFailing = error !== null;
    if (isFailing && !this.#isFailing) {
      log[isRetryable(error) ? "warn" : "error"](
        { err: messageOf(error) },
        "notifications cannot be saved; telling waits",
      );
    } else if (!isFailing && this.#isFailing) {
      log.info({}, "notifications are saved again");
    }
    this.#isFailing = isFailing;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
