import type { InstrumentKey, Labels, Meter } from "../../../core/instruments.ts";

/** A meter that keeps the sums of counters, by name and label values such as `deliveryDropped hook queue_full`. */
export const keptMeter = (): { readonly meter: Meter; readonly sums: () => Readonly<Record<string, number>> } => {
  const sums = new Map<string, number>();
  return {
    meter: {
      add: (instrument: InstrumentKey, value: number, labels: Labels = {}) => {
        const key = [instrument, ...Object.values(labels)].join(" ");
        sums.set(key, (sums.get(key) ?? 0) + value);
      },
      set: () => {},
      observe: () => {},
    },
    sums: () => Object.fromEntries([...sums].filter(([, value]) => value !== 0)),
  };
};
