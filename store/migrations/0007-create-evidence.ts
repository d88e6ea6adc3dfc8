import type { Migration } from "./migration.ts";

const series = `tenant LowCardinality(String),
  route LowCardinality(String),
  variant LowCardinality(String),
  model LowCardinality(String),
  measure LowCardinality(String)`;

const samples = `reference String CODEC(ZSTD(1)),
  log_evidence Float64,
  current_n UInt64,
  current_mean Nullable(Float64),
  baseline_n UInt64,
  baseline_mean Nullable(Float64),
  says String CODEC(ZSTD(1))`;

const settings = "SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1";

/** States of the sequential tests, and what they found. */
export const createEvidence: Migration = {
  version: 7,
  name: "create-evidence",
  statements: [
    `CREATE TABLE IF NOT EXISTS evidence (
  detector LowCardinality(String),
  minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  ${series},
  status LowCardinality(String),
  log_bound Float64,
  ${samples},
  state String CODEC(ZSTD(3))
)
ENGINE = MergeTree
PARTITION BY toMonday(minute)
ORDER BY (detector, tenant, route, model, measure, variant, minute)
${settings}`,
    `CREATE TABLE IF NOT EXISTS findings (
  detector LowCardinality(String),
  minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  kind LowCardinality(String),
  ${series},
  ${samples}
)
ENGINE = MergeTree
PARTITION BY toMonday(minute)
ORDER BY (minute, kind, tenant, route, model, measure, variant)
${settings}`,
  ],
};
