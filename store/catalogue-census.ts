import type { Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";

/**
 * Reports of gateways, one row each. Every column that is not in the key is what all copies of a report agree on, or the
 * extreme that makes a copy harmless.
 */
export const gatewayReportsTable: Table = {
  name: "gateway_reports",
  doc: "What gateway processes said of themselves, report by report.",
  columns: [
    column("minute", "DateTime('UTC')", "Start of the minute in which the report was received."),
    column("gateway_id", "LowCardinality(String)", "The gateway process."),
    column("reported_at", "DateTime64(3, 'UTC')", "When it reported, by its own clock."),
    column(
      "received_at",
      "SimpleAggregateFunction(min, DateTime64(3, 'UTC'))",
      "When a processor first read the report.",
    ),
    column("every_ms", "SimpleAggregateFunction(max, UInt32)", "Milliseconds after which the next report is due."),
    column(
      "is_last",
      "SimpleAggregateFunction(max, UInt8)",
      "1 when the gateway has stopped, or is known to be dead and emptied.",
    ),
    column(
      "finished",
      "SimpleAggregateFunction(max, UInt64)",
      "Calls that it had finished since its start; 0 in a report on its behalf.",
    ),
    column(
      "waiting",
      "SimpleAggregateFunction(max, UInt64)",
      "Finished calls that were in its spool and not on the bus.",
    ),
    column(
      "oldest_waiting_ms",
      "SimpleAggregateFunction(max, Nullable(UInt64))",
      "How long the oldest of them had waited at least; NULL when none waited.",
    ),
  ],
};

/** Counts of finished calls; the largest number that was told is the one that holds, so that a repeat changes nothing. */
export const gatewayCensusTable: Table = {
  name: "gateway_census",
  doc: "Calls that gateway processes have finished, by the minute in which they started.",
  columns: [
    column("tenant", "LowCardinality(String)", "Whose calls they are."),
    column("minute", "DateTime('UTC')", "Start of the minute in which the calls started."),
    column("route", "LowCardinality(String)", "Route that was taken."),
    column("gateway_id", "LowCardinality(String)", "The gateway process."),
    column("finished", "SimpleAggregateFunction(max, UInt64)", "Calls finished."),
    column(
      "last_finished_at",
      "SimpleAggregateFunction(max, DateTime64(3, 'UTC'))",
      "When the last of them finished, by the gateway's clock.",
    ),
  ],
};
