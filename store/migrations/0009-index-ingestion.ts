import type { Migration } from "./migration.ts";

/** Finds the rows of the last seconds without reading the minutes in which their calls may have started. */
export const indexIngestion: Migration = {
  version: 9,
  name: "index-ingestion",
  statements: ["ALTER TABLE calls ADD INDEX IF NOT EXISTS ingested_at_range ingested_at TYPE minmax GRANULARITY 1"],
};
