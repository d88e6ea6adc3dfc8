import type { Column, Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";

const name = "LowCardinality(String)";

const seriesColumns: readonly Column[] = [
  column("tenant", name, "Whose calls they are."),
  column("route", name, "Route that was taken."),
  column("variant", name, "Target that was chosen."),
  column("model", name, "Model that answered."),
  column("measure", name, "Name and version of the measure, of a category with its value."),
  column(
    "prompt",
    name,
    "Version of the prompt; `probe` for answers to probes, `other` for what is compared together.",
  ),
];

const sampleColumns: readonly Column[] = [
  column("reference", "String", "What it is compared with, in words."),
  column("log_evidence", "Float64", "Natural logarithm of the evidence that something has changed."),
  column("current_n", "UInt64", "Calls that were compared."),
  column("current_mean", "Nullable(Float64)", "Their mean; NULL without calls."),
  column("baseline_n", "UInt64", "Calls of the reference."),
  column("baseline_mean", "Nullable(Float64)", "Their mean; NULL without calls."),
  column("says", "String", "What changed, in words."),
];

/** Where every sequential test stands after each minute that it saw. */
export const evidenceTable: Table = {
  name: "evidence",
  doc: "States of the sequential tests, a row for each minute in which a series had calls.",
  columns: [
    column("detector", name, "Name and version of the detector."),
    column("minute", "DateTime('UTC')", "Start of the last minute that the test has seen."),
    ...seriesColumns,
    column("status", name, "learning, watching or alarm."),
    column("log_bound", "Float64", "The evidence that makes an alarm, as natural logarithm."),
    ...sampleColumns,
    column("state", "String", "The test's own state, as JSON."),
  ],
};

/** What was found out about calls. */
export const findingsTable: Table = {
  name: "findings",
  doc: "What detectors found, a row each.",
  columns: [
    column("detector", name, "Name and version of the detector."),
    column("minute", "DateTime('UTC')", "Start of the minute that made it a finding."),
    column("kind", name, "drift."),
    ...seriesColumns,
    ...sampleColumns,
  ],
};
