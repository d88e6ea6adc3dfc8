import type { Meter } from "../../../core/instruments.ts";

/** A meter that keeps its counters, by instrument and the values of its labels. */
export const countingMeter = (): {
  readonly meter: Meter;
  readonly counts: () => Readonly<Record<string, number>>;
} => {
  const counts = new Map<string, number>();
  return {
    counts: () => Object.fromEntries(counts),
    meter: {
      add: (instrument, value, labels = {}) => {
        const name = [instrument, ...Object.values(labels)].join(" ");
        counts.set(name, (counts.get(name) ?? 0) + value);
      },
      set: () => {},
      observe: () => {},
    },
  };
};
