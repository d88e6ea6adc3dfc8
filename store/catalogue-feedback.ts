import type { Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";

const name = "LowCardinality(String)";

/** Outcomes and scores of calls. The key has the place on the bus, so that all copies of a fact agree in its value and label. */
export const feedbackTable: Table = {
  name: "feedback",
  doc: "Outcomes and scores of calls, told after them; of those with one call, name and source the latest holds.",
  columns: [
    column("minute", "DateTime('UTC')", "Start of the minute in which it was said."),
    column("call_id", "String", "Id of the call, 16 hex characters; empty when every call of the trace is meant."),
    column("trace_id", "String", "Trace id, 32 hex characters; empty when only the call is known."),
    column("name", name, "What is told of the call."),
    column("source", name, "Who says so: user, eval, judge or another."),
    column("at", "DateTime64(3, 'UTC')", "When it was said."),
    column("source_partition", "UInt32", "Partition of the bus that the fact was first read from."),
    column("source_offset", "UInt64", "Offset of the record in that partition."),
    column("value", "SimpleAggregateFunction(max, Float64)", "More is better; 0 or less is bad."),
    column("label", "SimpleAggregateFunction(max, String)", "A word for the value; empty when there is none."),
    column(
      "ingested_at",
      "SimpleAggregateFunction(min, DateTime64(3, 'UTC'))",
      "When the row was inserted; of several copies of a fact the first counts.",
    ),
  ],
};
