import type { Migration } from "./migration.ts";

/** Calls keep what their cost was worked out from: parts with a price of their own, the tier, and what the provider sent. */
export const keepUsage: Migration = {
  version: 12,
  name: "keep-usage",
  statements: [
    `ALTER TABLE calls
  ADD COLUMN IF NOT EXISTS usage_parts Map(LowCardinality(String), UInt64) AFTER usage_source,
  ADD COLUMN IF NOT EXISTS service_tier LowCardinality(Nullable(String)) AFTER usage_parts,
  ADD COLUMN IF NOT EXISTS raw_usage String CODEC(ZSTD(1)) AFTER service_tier`,
  ],
};
