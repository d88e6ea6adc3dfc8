import { createHash } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors.ts";
import type { RoleState } from "../../core/events.ts";
import type { Log } from "../../core/log.ts";
import type { Store } from "../../store/store.ts";
import type { Group } from "./group.ts";
import { group } from "./group.ts";
import type { Memory } from "./memory.ts";
import { deadLetter } from "./memory.ts";
import { isFromOutside } from "./outside.ts";
import { silence } from "./silences.ts";

const owner = "delivery";

/** What states are kept with. */
export interface SavedStatesDeps {
  readonly store: Pick<Store, "readStates" | "saveStates">;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds for which an alert that fired before a restart is believed to fire still. */
  readonly graceMs: number;
}

/** Keeps what delivery remembers in the store: each group, silence and dead letter is a state, and only changes are written. */
export class SavedStates {
  readonly #deps: SavedStatesDeps;
  readonly #saved = new Map<string, { readonly text: string; readonly sequence: number }>();
  /** Texts of what does not change: values are replaced, never altered. */
  readonly #texts = new WeakMap<object, string>();

  constructor(deps: SavedStatesDeps) {
    this.#deps = deps;
  }

  /** Reads what is saved. What cannot be read is named in the log and left alone. */
  async load(): Promise<Memory> {
    const { store, clock, graceMs } = this.#deps;
    const groups: Group[] = [];
    const silences = [];
    const letters = [];
    for (const saved of await store.readStates(owner)) {
      this.#saved.set(saved.key, { text: saved.state, sequence: saved.sequence });
      const read = this.#read(saved);
      if (read?.kind === "group") {
        groups.push(believed(read.value, clock.nowMs() + graceMs));
      } else if (read?.kind === "silence") {
        silences.push(read.value);
      } else if (read?.kind === "letter") {
        letters.push(read.value);
      }
    }
    return {
      groups: new Map(groups.map((each) => [each.key, each])),
      silences: new Map(silences.map((each) => [each.id, each])),
      letters: new Map(letters.sort((a, b) => a.atMs - b.atMs).map((each) => [each.notification.id, each])),
    };
  }

  /** Saves what has changed since it was saved last: all of it, or none when it rejects. */
  async save(memory: Memory): Promise<void> {
    const wanted = this.#textsOf(memory);
    const nowMs = this.#deps.clock.nowMs();
    const changes: RoleState[] = [];
    for (const [key, text] of wanted) {
      if (this.#saved.get(key)?.text !== text) {
        changes.push({ key, sequence: this.#nextSequence(key, nowMs), state: text });
      }
    }
    for (const [key, { text }] of this.#saved) {
      // What could not be read stays: another version may be able to.
      if (!wanted.has(key) && text !== "" && !this.#unreadable.has(key)) {
        changes.push({ key, sequence: this.#nextSequence(key, nowMs), state: "" });
      }
    }
    if (changes.length === 0) {
      return;
    }
    await this.#deps.store.saveStates(owner, changes);
    for (const { key, sequence, state } of changes) {
      if (state === "") {
        this.#saved.delete(key);
      } else {
        this.#saved.set(key, { text: state, sequence });
      }
    }
  }

  readonly #unreadable = new Set<string>();

  #read({ key, state }: RoleState) {
    try {
      const value: unknown = JSON.parse(state);
      switch (key.slice(0, key.indexOf(":"))) {
        case "group":
          return { kind: "group", value: group.parse(value) } as const;
        case "silence":
          return { kind: "silence", value: silence.parse(value) } as const;
        case "letter":
          return { kind: "letter", value: deadLetter.parse(value) } as const;
      }
      throw new Error("its key is of no known kind");
    } catch (error) {
      this.#unreadable.add(key);
      this.#deps.log.error(
        { key, err: messageOf(error) },
        "a saved state of delivery cannot be read and is left alone",
      );
      return null;
    }
  }

  #textsOf({ groups, silences, letters }: Memory): ReadonlyMap<string, string> {
    return new Map([
      ...[...groups].map(([key, value]): [string, string] => [`group:${hashOf(key)}`, this.#text(value, savedGroup)]),
      ...[...silences].map(([id, value]): [string, string] => [`silence:${id}`, this.#text(value, asItIs)]),
      ...[...letters].map(([id, value]): [string, string] => [`letter:${id}`, this.#text(value, asItIs)]),
    ]);
  }

  #text<T extends object>(value: T, saved: (value: T) => object): string {
    const known = this.#texts.get(value) ?? JSON.stringify(saved(value));
    this.#texts.set(value, known);
    return known;
  }

  /** Above every earlier one of the key, even one that was forgotten before a restart. */
  #nextSequence(key: string, nowMs: number): number {
    return Math.max((this.#saved.get(key)?.sequence ?? 0) + 1, nowMs);
  }
}

const hashOf = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 32);

const asItIs = (value: object): object => value;

/**
 * A group without what changes at every look of a rule: until when a firing alert is believed, and its value. Else each would
 * be written again once a minute. One from outside is told seldom, and nobody would tell it again after a restart.
 */
const savedGroup = (value: Group): Group => ({
  ...value,
  alerts: value.alerts.map((alert) =>
    alert.status === "firing" && !isFromOutside(alert) ? { ...alert, endsAtMs: 0, value: null } : alert,
  ),
});

/** A group as it is loaded: until its rules have looked again, its alerts are believed to fire still. */
const believed = (value: Group, untilMs: number): Group => ({
  ...value,
  alerts: value.alerts.map((alert) =>
    alert.status === "firing" ? { ...alert, endsAtMs: Math.max(alert.endsAtMs, untilMs) } : alert,
  ),
});
