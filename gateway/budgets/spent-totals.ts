import type { Window } from "./window.ts";
import { windowEnd } from "./window.ts";

/** A budget in one window. */
export interface Place {
  /** Level and id of whom it is for. */
  readonly of: string;
  readonly window: Window;
  /** When the window began, in milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** What one gateway has spent of a budget in one window. */
export interface SpentTotal extends Place {
  readonly gatewayId: string;
  /** Nano-dollars since the window began. */
  readonly nanos: number;
}

/** Which counter in which window an amount belongs to, as text. */
export const placeKey = ({ of, window, startMs }: Place): string => `${window} ${startMs} ${of}`;

interface Entry {
  readonly place: Place;
  readonly byGateway: Map<string, number>;
  sum: number;
}

/** What this gateway has spent, and the growth that others should hear of soon. */
export interface OwnTotal extends SpentTotal {
  /** Nano-dollars, at least 1. */
  readonly stepNanos: number;
}

/** Places after which the ended windows are looked for the first time. */
const firstSweep = 1_000;

/**
 * What gateways have spent: of each budget and window the sum of the highest total that each gateway told. The order in which
 * totals come makes no difference, nor does one that comes again.
 */
export class SpentTotals {
  readonly #entries = new Map<string, Entry>();
  #sweepAt = firstSweep;

  /** Takes in a total; returns the nano-dollars by which the sum of its place has grown. */
  take({ gatewayId, nanos, of, window, startMs }: SpentTotal, nowMs: number): number {
    if (windowEnd(window, startMs) <= nowMs) {
      return 0;
    }
    const place = { of, window, startMs };
    const entry = this.#entryOf(place, nowMs);
    const known = entry.byGateway.get(gatewayId) ?? 0;
    const grown = Math.max(0, nanos - known);
    entry.byGateway.set(gatewayId, known + grown);
    entry.sum += grown;
    return grown;
  }

  /** Nano-dollars that all of them have spent together. */
  sumOf(place: Place): number {
    return this.#entries.get(placeKey(place))?.sum ?? 0;
  }

  /** The highest of each gateway, of windows that are not over. */
  all(nowMs: number): readonly SpentTotal[] {
    this.#sweep(nowMs);
    return [...this.#entries.values()].flatMap(({ place, byGateway }) =>
      [...byGateway].map(([gatewayId, nanos]) => ({ ...place, gatewayId, nanos })),
    );
  }

  #entryOf(place: Place, nowMs: number): Entry {
    const key = placeKey(place);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      return known;
    }
    if (this.#entries.size >= this.#sweepAt) {
      this.#sweep(nowMs);
    }
    const made = { place, byGateway: new Map<string, number>(), sum: 0 };
    this.#entries.set(key, made);
    return made;
  }

  /** Memory is bounded by twice what the windows of the present need. */
  #sweep(nowMs: number): void {
    for (const [key, { place }] of this.#entries) {
      if (windowEnd(place.window, place.startMs) <= nowMs) {
        this.#entries.delete(key);
      }
    }
    this.#sweepAt = Math.max(firstSweep, 2 * this.#entries.size);
  }
}
