import type { Migration } from "./migration.ts";

/** Outcomes and scores of calls; a fact that is inserted twice merges into what is there. */
export const createFeedback: Migration = {
  version: 10,
  name: "create-feedback",
  statements: [
    `CREATE TABLE IF NOT EXISTS feedback (
  minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  call_id String,
  trace_id String,
  name LowCardinality(String),
  source LowCardinality(String),
  at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  source_partition UInt32,
  source_offset UInt64 CODEC(Delta(8), ZSTD(1)),
  value SimpleAggregateFunction(max, Float64),
  label SimpleAggregateFunction(max, String) CODEC(ZSTD(1)),
  ingested_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
  INDEX by_call_id call_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_trace_id trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX ingested_at_range ingested_at TYPE minmax GRANULARITY 1
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(minute)
ORDER BY (minute, call_id, trace_id, name, source, at, source_partition, source_offset)
SETTINGS ttl_only_drop_parts = 1`,
  ],
};
