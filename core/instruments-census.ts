import type { Instrument } from "./instruments.ts";

/** Instruments of the reports on finished calls. */
export const censusInstruments = {
  censusErrors: {
    name: "plumbline_census_errors_total",
    type: "counter",
    help: "Reports on finished calls that the bus did not take, by error code; the next report makes them good.",
    labels: ["code"],
  },
  censusDropped: {
    name: "plumbline_census_dropped_calls_total",
    type: "counter",
    help: "Finished calls whose counts were given up before the bus took a report on them, by reason.",
    labels: ["reason"],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
