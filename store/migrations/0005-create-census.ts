import { storedByMinute } from "../catalogue-rollup.ts";
import { fillRollup } from "../fill-rollup.ts";
import { createRollup } from "../rollup-sql.ts";
import type { Migration } from "./migration.ts";

/** Reports of gateways, their counts of finished calls, and the rollup of stored calls that these are compared with. */
export const createCensus: Migration = {
  version: 5,
  name: "create-census",
  statements: [
    `CREATE TABLE IF NOT EXISTS gateway_reports (
  minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  gateway_id LowCardinality(String),
  reported_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  received_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
  every_ms SimpleAggregateFunction(max, UInt32),
  is_last SimpleAggregateFunction(max, UInt8),
  finished SimpleAggregateFunction(max, UInt64) CODEC(Delta(8), ZSTD(1)),
  waiting SimpleAggregateFunction(max, UInt64),
  oldest_waiting_ms SimpleAggregateFunction(max, Nullable(UInt64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(minute)
ORDER BY (minute, gateway_id, reported_at)
SETTINGS ttl_only_drop_parts = 1`,
    `CREATE TABLE IF NOT EXISTS gateway_census (
  tenant LowCardinality(String),
  minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  route LowCardinality(String),
  gateway_id LowCardinality(String),
  finished SimpleAggregateFunction(max, UInt64),
  last_finished_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(minute)
ORDER BY (tenant, minute, route, gateway_id)
SETTINGS ttl_only_drop_parts = 1`,
    ...createRollup(storedByMinute),
  ],
  moveRows: (sql) => fillRollup(sql, storedByMinute),
};
