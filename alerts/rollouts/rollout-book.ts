import { PlumblineError } from "../../core/errors.ts";
import type { KeptState } from "../looks/look.ts";
import type { Rollout } from "./rollout.ts";
import { rollout } from "./rollout.ts";

/** All rollouts that are remembered, and what is to be kept of them. */
export class RolloutBook {
  readonly prefix = "canary:";
  readonly #keep: (states: readonly KeptState[]) => Promise<void>;
  readonly #rollouts = new Map<string, Rollout>();

  constructor(keep: (states: readonly KeptState[]) => Promise<void>) {
    this.#keep = keep;
  }

  /** The latest first. */
  list(): readonly Rollout[] {
    return [...this.#rollouts.values()].toSorted((a, b) => b.startedAtMs - a.startedAtMs);
  }

  /** Throws `canary.unknown` when there is none of that id. */
  find(id: string): Rollout {
    const found = this.#rollouts.get(id);
    if (found === undefined) {
      throw new PlumblineError("canary.unknown", `There is no canary "${id}".`);
    }
    return found;
  }

  /** Takes up what was kept, and nothing else. */
  load(kept: readonly KeptState[]): void {
    this.#rollouts.clear();
    for (const { state } of kept) {
      const known = rollout.parse(JSON.parse(state));
      this.#rollouts.set(known.id, known);
    }
  }

  /** Writes down what became of rollouts, which somebody else keeps. */
  write(rollouts: readonly Rollout[]): readonly KeptState[] {
    for (const each of rollouts) {
      this.#rollouts.set(each.id, each);
    }
    return rollouts.map((each) => this.#kept(each));
  }

  /**
   * Changes one at once, so that whoever comes while it is kept finds it changed; `before` is what it was, null for a new one. What
   * could not be kept did not happen, unless somebody has built on it.
   */
  async change(before: Rollout | null, next: Rollout): Promise<void> {
    this.#rollouts.set(next.id, next);
    try {
      await this.#keep([this.#kept(next)]);
    } catch (error) {
      this.#undo(before, next);
      throw error;
    }
  }

  /** Forgets those that are old. */
  forget(isOld: (each: Rollout) => boolean): readonly KeptState[] {
    const old = this.list().filter(isOld);
    for (const { id } of old) {
      this.#rollouts.delete(id);
    }
    return old.map(({ id }) => ({ key: this.prefix + id, state: "" }));
  }

  #undo(before: Rollout | null, next: Rollout): void {
    if (this.#rollouts.get(next.id) !== next) {
      return;
    }
    if (before === null) {
      this.#rollouts.delete(next.id);
    } else {
      this.#rollouts.set(next.id, before);
    }
  }

  #kept(each: Rollout): KeptState {
    return { key: this.prefix + each.id, state: JSON.stringify(each) };
  }
}
