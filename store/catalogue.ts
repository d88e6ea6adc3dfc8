import { attemptsTable, callsTable, contentsTable } from "./catalogue-calls.ts";
import { gatewayCensusTable, gatewayReportsTable } from "./catalogue-census.ts";
import type { Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";
import { embeddingSumsTable } from "./catalogue-embeddings.ts";
import { alertsTable, canariesTable, notificationsTable, roleStatesTable, verdictsTable } from "./catalogue-events.ts";
import { evidenceTable, findingsTable } from "./catalogue-evidence.ts";
import { feedbackTable } from "./catalogue-feedback.ts";
import { measuresByHourTable } from "./catalogue-hours.ts";
import { rollups, rollupTable } from "./catalogue-rollup.ts";
import { tracesTable, traceTimesTable } from "./catalogue-traces.ts";
import { trialUnitsTable } from "./catalogue-units.ts";

/** The tables that batches are inserted into; all others are derived from them. */
export const baseTables = {
  calls: callsTable,
  attempts: attemptsTable,
  contents: contentsTable,
  otel_traces: tracesTable,
  embedding_sums: embeddingSumsTable,
} as const satisfies Readonly<Record<string, Table>>;

/** Name of a table that batches are inserted into. */
export type BaseTableName = keyof typeof baseTables;

/** Their names, those that take longest to fill at the end. */
export const baseTableNames = [
  "attempts",
  "contents",
  "embedding_sums",
  "otel_traces",
  "calls",
] as const satisfies readonly BaseTableName[];

const migrationsTable: Table = {
  name: "schema_migrations",
  doc: "Schema changes that were applied.",
  columns: [
    column("version", "UInt32", "Number of the change."),
    column("name", "String", "Name of the change."),
    column("applied_at", "DateTime64(3, 'UTC')", "When it was applied."),
  ],
};

/** Every table of the store. */
export const tables: readonly Table[] = [
  ...Object.values(baseTables),
  ...rollups.map(rollupTable),
  gatewayReportsTable,
  gatewayCensusTable,
  feedbackTable,
  measuresByHourTable,
  evidenceTable,
  findingsTable,
  alertsTable,
  verdictsTable,
  canariesTable,
  notificationsTable,
  roleStatesTable,
  trialUnitsTable,
  traceTimesTable,
  migrationsTable,
];
