import { embeddingsByMinute } from "../catalogue-embeddings.ts";
import { createRollup } from "../rollup-sql.ts";
import type { Migration } from "./migration.ts";

const name = "LowCardinality(String)";

/** Sums of embeddings, and their rollup; nothing was embedded of calls from before. */
export const sumEmbeddings: Migration = {
  version: 15,
  name: "sum-embeddings",
  statements: [
    `CREATE TABLE IF NOT EXISTS embedding_sums (
  tenant ${name},
  minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  route ${name},
  variant ${name},
  model ${name},
  measure ${name},
  prompt ${name},
  is_shadow Bool,
  n UInt32,
  sums Array(Int32) CODEC(ZSTD(1)),
  squares UInt64,
  source_topic ${name},
  source_partition UInt32,
  source_offset UInt64 CODEC(Delta(8), ZSTD(1)),
  source_index UInt32,
  ingested_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  INDEX source_offset_range source_offset TYPE minmax GRANULARITY 1,
  INDEX ingested_at_range ingested_at TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(minute)
ORDER BY (tenant, minute, route, model, variant)
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1`,
    ...createRollup(embeddingsByMinute),
  ],
};
