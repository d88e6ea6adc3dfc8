import type { InstrumentKey, Meter } from "../../../core/instruments.ts";

/** A meter that a test can wait for. */
export interface HearingMeter {
  readonly meter: Meter;
  /** Resolves when a counter with these label values, joined by spaces, has reached a count. */
  readonly heard: (instrument: InstrumentKey, labels: string, count?: number) => Promise<void>;
  /** The counts by label values, joined by spaces. */
  readonly counts: (instrument: InstrumentKey) => Readonly<Record<string, number>>;
  /** The last value of a gauge with these label values. */
  readonly gauge: (instrument: InstrumentKey, labels: string) => number | undefined;
}

/** Makes a meter that keeps what it hears. */
export const hearingMeter = (): HearingMeter => {
  const values = new Map<string, Map<string, number>>();
  const waiting = new Set<() => void>();
  const of = (instrument: InstrumentKey): Map<string, number> => {
    const known = values.get(instrument) ?? new Map<string, number>();
    values.set(instrument, known);
    return known;
  };
  const keyOf = (labels: Readonly<Record<string, string>> = {}): string => Object.values(labels).join(" ");
  return {
    meter: {
      add: (instrument, value, labels) => {
        const known = of(instrument);
        known.set(keyOf(labels), (known.get(keyOf(labels)) ?? 0) + value);
        for (const check of [...waiting]) check();
      },
      set: (instrument, value, labels) => void of(instrument).set(keyOf(labels), value),
      observe: () => {},
    },
    heard: (instrument, labels, count = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          if ((of(instrument).get(labels) ?? 0) < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    counts: (instrument) => Object.fromEntries(of(instrument)),
    gauge: (instrument, labels) => of(instrument).get(labels),
  };
};
