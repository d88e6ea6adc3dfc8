import { rollupView } from "../rollup-sql.ts";
import { withoutStrata } from "./0014-stratify-measures.ts";
import type { Migration } from "./migration.ts";

const name = "LowCardinality(String)";

/** Series know the version of the prompt, hours of measures outlive their minutes, and calls know what model they were pinned to. */
export const watchVersions: Migration = {
  version: 11,
  name: "watch-versions",
  statements: [
    `ALTER TABLE measures_1m
  ADD COLUMN IF NOT EXISTS prompt ${name} AFTER source_partition,
  MODIFY ORDER BY (${withoutStrata.dimensions.map((dimension) => dimension.name).join(", ")})`,
    `ALTER TABLE measures_1m_mv MODIFY QUERY
${rollupView(withoutStrata)}`,
    `ALTER TABLE evidence ADD COLUMN IF NOT EXISTS prompt ${name} AFTER measure`,
    `ALTER TABLE findings ADD COLUMN IF NOT EXISTS prompt ${name} AFTER measure`,
    "ALTER TABLE calls ADD COLUMN IF NOT EXISTS model_pinned LowCardinality(Nullable(String)) AFTER model_served",
    `CREATE TABLE IF NOT EXISTS measures_1h (
  hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  tenant ${name},
  route ${name},
  variant ${name},
  model ${name},
  measure ${name},
  prompt ${name},
  n UInt64,
  sum_milli Int64,
  bins Map(Int16, Int64)
)
ENGINE = MergeTree
PARTITION BY toMonday(hour)
ORDER BY (tenant, route, model, measure, variant, prompt, hour)
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1`,
  ],
};
