import type { Migration } from "./migration.ts";

const name = "LowCardinality(String)";
const text = "String CODEC(ZSTD(1))";
const at = "at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))";

const events = (table: string, columns: string, order: string): string => `CREATE TABLE IF NOT EXISTS ${table} (
  ${at},
${columns}
)
ENGINE = MergeTree
PARTITION BY toMonday(at)
ORDER BY (${order})
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1`;

/** What the alerts role did, and what it must remember over a restart. */
export const createEvents: Migration = {
  version: 8,
  name: "create-events",
  statements: [
    events(
      "alerts",
      `  rule ${name},
  fingerprint String,
  labels Map(${name}, String),
  annotations Map(${name}, String),
  state ${name},
  reason ${text},
  value Nullable(Float64),
  starts_at DateTime64(3, 'UTC'),
  action ${name}`,
      "at, rule, fingerprint",
    ),
    events(
      "verdicts",
      `  verdict_id String,
  subject String,
  sequence UInt64,
  action ${name},
  route ${name},
  effect ${text},
  reason ${text},
  evidence_id Nullable(String),
  expires_at DateTime64(3, 'UTC'),
  state ${name},
  obstacle ${text}`,
      "at, subject, sequence",
    ),
    events(
      "canaries",
      `  canary_id String,
  route ${name},
  candidate ${name},
  stage UInt16,
  share Float64,
  status ${name},
  log_evidence Float64,
  log_bound Float64,
  candidate_calls UInt64,
  baseline_calls UInt64,
  needed_calls Nullable(UInt64),
  says ${text}`,
      "canary_id, at",
    ),
    events(
      "notifications",
      `  receiver ${name},
  group_key String,
  idempotency_key String,
  state ${name},
  reason ${text},
  firing UInt32,
  resolved UInt32,
  tries UInt16`,
      "at, receiver, group_key",
    ),
    `CREATE TABLE IF NOT EXISTS role_states (
  owner ${name},
  key String,
  sequence UInt64,
  saved_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  state String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(sequence)
ORDER BY (owner, key)
SETTINGS index_granularity = 256`,
  ],
};
