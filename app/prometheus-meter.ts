import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Instrument, InstrumentKey, Meter } from "../core/instruments.ts";
import { instruments } from "../core/instruments.ts";

/** A meter whose values can be scraped. */
export interface PrometheusMeter extends Meter {
  /** All instruments in Prometheus' text format. */
  readonly text: () => Promise<string>;
}

/** Makes a meter with every instrument of the catalogue and the process' own figures. */
export const createPrometheusMeter = (): PrometheusMeter => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<InstrumentKey, Counter>();
  const gauges = new Map<InstrumentKey, Gauge>();
  /** Gauges without labels change several times a call, and are read twice a minute. */
  const latest = new Map<InstrumentKey, number>();
  const histograms = new Map<InstrumentKey, Histogram>();
  for (const [key, instrument] of entriesOf(instruments)) {
    const options = {
      name: instrument.name,
      help: instrument.help,
      labelNames: [...instrument.labels],
      registers: [registry],
    };
    switch (instrument.type) {
      case "counter":
        counters.set(key, new Counter(options));
        break;
      case "gauge":
        gauges.set(key, new Gauge(options));
        break;
      case "histogram":
        histograms.set(key, new Histogram({ ...options, buckets: [...(instrument.buckets ?? [])] }));
        break;
    }
  }
  return {
    add: (key, value, labels = {}) => counters.get(key)?.inc({ ...labels }, value),
    set: (key, value, labels) => {
      if (labels === undefined) latest.set(key, value);
      else gauges.get(key)?.set({ ...labels }, value);
    },
    observe: (key, value, labels = {}) => histograms.get(key)?.observe({ ...labels }, value),
    text: () => {
      for (const [key, value] of latest) gauges.get(key)?.set(value);
      return registry.metrics();
    },
  };
};

const isKey = (key: string): key is InstrumentKey => Object.hasOwn(instruments, key);

const entriesOf = (
  catalogue: Readonly<Record<string, Instrument>>,
): readonly (readonly [InstrumentKey, Instrument])[] =>
  Object.entries(catalogue).flatMap(([key, instrument]) => (isKey(key) ? [[key, instrument] as const] : []));
