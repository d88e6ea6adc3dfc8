import type { Instrument } from "./instruments.ts";

/** Instruments of the calls that were under way when a gateway died. */
export const begunInstruments = {
  spoolInterrupted: {
    name: "plumbline_spool_interrupted_calls_total",
    type: "counter",
    help: "Calls under way in gateways that died, to which this gateway gave the record of an interrupted call.",
    labels: [],
  },
  spoolBegunDropped: {
    name: "plumbline_spool_begun_dropped_calls_total",
    type: "counter",
    help: "Calls under way that could not be noted, or whose note could not be read, by reason; after a kill they have no record.",
    labels: ["reason"],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
