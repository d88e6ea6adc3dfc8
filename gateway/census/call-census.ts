import type { CensusCount } from "../../core/census.ts";
import type { Clock } from "../../core/clock.ts";
import type { Meter } from "../../core/instruments.ts";

/** What a finished call is counted by. */
export interface FinishedCall {
  /** When it started, in seconds since the Unix epoch. */
  readonly startedAtS: number;
  readonly tenant: string;
  readonly route: string;
}

/** What a census needs. */
export interface CallCensusDeps {
  readonly clock: Clock;
  readonly meter: Meter;
}

/** What is kept at most; beyond it the oldest minute goes. A call takes a minute's fraction to hours, so a day is plenty. */
export const censusBounds = { minutes: 1_440, counts: 20_000 } as const;

interface Entry {
  readonly minute: number;
  readonly tenant: string;
  readonly route: string;
  finished: number;
  lastFinishedAtMs: number;
}

/** Counts the calls that this process has finished, by the minute in which they started, tenant and route. */
export class CallCensus {
  readonly #deps: CallCensusDeps;
  readonly #minutes = new Map<number, Map<string, Entry>>();
  readonly #changed = new Set<Entry>();
  #entries = 0;
  #finished = 0;

  constructor(deps: CallCensusDeps) {
    this.#deps = deps;
  }

  /** Calls finished so far. */
  get finished(): number {
    return this.#finished;
  }

  /** Counts a call and returns its position among those of this process, from 1. */
  count(call: FinishedCall): number {
    const entry = this.#entryOf(call);
    entry.finished += 1;
    entry.lastFinishedAtMs = this.#deps.clock.nowMs();
    this.#changed.add(entry);
    this.#finished += 1;
    return this.#finished;
  }

  /** The counts that changed since they were last acknowledged. */
  changes(): readonly CensusCount[] {
    return [...this.#changed].map((entry) => ({ ...entry }));
  }

  /** Tells that counts are on the bus: those that did not change meanwhile need not be told again. */
  acknowledge(counts: readonly CensusCount[]): void {
    for (const { minute, tenant, route, finished } of counts) {
      const entry = this.#minutes.get(minute)?.get(keyOf({ tenant, route }));
      if (entry?.finished === finished) {
        this.#changed.delete(entry);
      }
    }
  }

  #entryOf({ startedAtS, tenant, route }: FinishedCall): Entry {
    const minute = startedAtS - (startedAtS % 60);
    const key = keyOf({ tenant, route });
    const known = this.#minutes.get(minute)?.get(key);
    if (known !== undefined) {
      return known;
    }
    const entry = { minute, tenant, route, finished: 0, lastFinishedAtMs: 0 };
    const ofMinute = this.#minutes.get(minute) ?? new Map<string, Entry>();
    this.#minutes.set(minute, ofMinute.set(key, entry));
    this.#entries += 1;
    while (this.#minutes.size > censusBounds.minutes || this.#entries > censusBounds.counts) {
      this.#forgetOldest();
    }
    return entry;
  }

  /** What the bus was not told is given up. Calls of a forgotten minute count again from 0, which no reader takes for fewer. */
  #forgetOldest(): void {
    const oldest = Math.min(...this.#minutes.keys());
    let untold = 0;
    for (const entry of this.#minutes.get(oldest)?.values() ?? []) {
      untold += this.#changed.delete(entry) ? entry.finished : 0;
      this.#entries -= 1;
    }
    this.#minutes.delete(oldest);
    if (untold > 0) {
      this.#deps.meter.add("censusDropped", untold, { reason: "bounds" });
    }
  }
}

/** The length keeps two pairs apart whose texts are the same one behind the other. */
const keyOf = ({ tenant, route }: Pick<FinishedCall, "tenant" | "route">): string =>
  `${tenant.length}:${tenant}${route}`;
