import type { Migration } from "./migration.ts";

const name = "LowCardinality(String)";
const firstTime = "SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))) CODEC(ZSTD(1))";

/** What is known of the users and sessions of canaries; of a canary under way it is gathered from its calls. */
export const rememberUnits: Migration = {
  version: 16,
  name: "remember-units",
  statements: [
    `CREATE TABLE IF NOT EXISTS trial_units (
  route ${name},
  unit_kind ${name},
  since DateTime64(3, 'UTC'),
  unit String CODEC(ZSTD(1)),
  variant ${name},
  first SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), DateTime64(9, 'UTC'))) CODEC(ZSTD(1)),
  begun SimpleAggregateFunction(min, DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
  answers_at ${firstTime},
  errors_at ${firstTime},
  rate_limited_at ${firstTime},
  fallbacks_at ${firstTime},
  measured_at ${firstTime},
  refusals_at ${firstTime},
  malformed_at ${firstTime},
  rated_at ${firstTime},
  bad_rated_at ${firstTime},
  until SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(since)
ORDER BY (route, unit_kind, since, unit, variant)
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1`,
  ],
};
