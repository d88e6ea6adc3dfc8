import { embeddingsByMinute } from "./catalogue-embeddings.ts";
import { measuresByMinute, rollups } from "./catalogue-rollup.ts";
import type { StoreConfig } from "./config.ts";

/** How long the rows of a table are kept. */
export interface Retention {
  readonly table: string;
  /** The time of a row, as SQL. */
  readonly expression: string;
  /** 0 keeps rows for ever. */
  readonly days: number;
}

const ofMeasures: ReadonlySet<string> = new Set([measuresByMinute.table, embeddingsByMinute.table]);

/** The retention of every table that has one, as configured. */
export const retentionOf = (days: StoreConfig["retentionDays"]): readonly Retention[] => [
  { table: "calls", expression: "minute", days: days.calls },
  { table: "attempts", expression: "minute", days: days.calls },
  { table: "contents", expression: "minute", days: days.contents },
  { table: "embedding_sums", expression: "minute", days: days.embeddings },
  ...rollups.map(({ table }) => ({
    table,
    expression: "minute",
    days: ofMeasures.has(table) ? days.measures : days.rollups,
  })),
  { table: "measures_1h", expression: "hour", days: days.rollups },
  { table: "feedback", expression: "minute", days: days.feedback },
  { table: "evidence", expression: "minute", days: days.reports },
  { table: "trial_units", expression: "toDateTime(until)", days: days.reports },
  { table: "findings", expression: "minute", days: days.rollups },
  ...["alerts", "verdicts", "canaries", "notifications"].map((table) => ({
    table,
    expression: "toDateTime(at)",
    days: days.audit,
  })),
  { table: "gateway_census", expression: "minute", days: days.rollups },
  { table: "gateway_reports", expression: "minute", days: days.reports },
  { table: "otel_traces", expression: "toDateTime(Timestamp)", days: days.traces },
  { table: "otel_traces_trace_id_ts", expression: "toDateTime(Start)", days: days.traces },
];

/** Days for which the rows of a table are kept; 0 keeps them for ever. */
export const daysOf = (days: StoreConfig["retentionDays"], table: string): number =>
  retentionOf(days).find((each) => each.table === table)?.days ?? 0;

/** A margin for the hour in which retention may already be at work on a row. */
const marginSeconds = 3_600;

/** Time from which on every row of a table is still there, in seconds since the Unix epoch; 0 when none expires. */
export const keptFromSeconds = (days: number, nowSeconds: number): number =>
  days === 0 ? 0 : nowSeconds - days * 86_400 + marginSeconds;
