import type { Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";

const name = "LowCardinality(String)";

/** The values of each measure by hour. */
export const measuresByHourTable: Table = {
  name: "measures_1h",
  doc: "Values of each measure by hour and series, written once when the hour is over; kept longer than those by minute.",
  columns: [
    column("hour", "DateTime('UTC')", "Start of the hour in which the calls started."),
    column("tenant", name, "Whose calls they are."),
    column("route", name, "Route that was taken."),
    column("variant", name, "Target that was chosen."),
    column("model", name, "Model that answered."),
    column("measure", name, "Name and version of the measure, of a category with its value."),
    column("prompt", name, "`probe` for answers to probes, else empty: all versions of the prompt together."),
    column("n", "UInt64", "Calls in which it was measured; of a category those that have the value."),
    column("sum_milli", "Int64", "Sum of the values in thousandths."),
    column("bins", "Map(Int16, Int64)", "Values. Keys are bins of powers of 1.02, values are numbers of calls."),
  ],
};
