import { bucket, errorRatio, errorSum, quantiles, rollupRange, sourceRange } from "./question-sql.ts";

/** What a column of an answer means, so that a table, a chart and a command line can all render it. */
export interface QuestionColumn {
  readonly name: string;
  /** `time` is the start of a bucket, `label` names a series, `value` is measured. */
  readonly role: "time" | "label" | "value";
  readonly unit: "none" | "calls" | "tokens" | "nanodollars" | "milliseconds" | "seconds" | "ratio" | "timestamp";
}

/** A named question of the store: one SQL text that the command line, the console and Grafana all use. */
export interface Question {
  readonly title: string;
  readonly description: string;
  /**
   * ClickHouse SQL with native parameters `{from:DateTime64(3)}`, `{to:DateTime64(3)}`, `{step:UInt32}` (seconds), and
   * the marker `1 /* where *\/` once in each WHERE clause, which conditions on the dimensions replace.
   */
  readonly sql: string;
  readonly columns: readonly QuestionColumn[];
  /** Dimensions that `where` may compare. */
  readonly dimensions: readonly string[];
}

/** The names of the questions, in the order in which help texts list them. */
export const questionNames = [
  "totals",
  "calls",
  "errors",
  "cost",
  "ttft",
  "models",
  "tokens",
  "freshness",
  "completeness",
] as const;

/** The name of a question. */
export type QuestionName = (typeof questionNames)[number];

const rollupDimensions = ["tenant", "route", "variant", "provider", "model", "outcome"] as const;
const callDimensions = ["tenant", "route", "variant", "provider", "outcome"] as const;

const time: QuestionColumn = { name: "time", role: "time", unit: "timestamp" };
const label = (name: string): QuestionColumn => ({ name, role: "label", unit: "none" });
const value = (name: string, unit: QuestionColumn["unit"]): QuestionColumn => ({ name, role: "value", unit });

/** Every named question. */
export const questions: Readonly<Record<QuestionName, Question>> = {
  totals: {
    title: "Totals",
    description: "calls, errors, tokens and cost of the whole range",
    sql: `SELECT sum(r.calls) AS calls, ${errorSum} AS errors, ${errorRatio} AS error_ratio,
  sum(r.input_tokens) AS input_tokens, sum(r.output_tokens) AS output_tokens,
  sum(r.cache_read_tokens) AS cache_read_tokens, sum(r.cache_write_tokens) AS cache_write_tokens,
  sum(r.reasoning_tokens) AS reasoning_tokens, sum(r.cost_nanos) AS cost_nanos, sum(r.waste_nanos) AS waste_nanos,
  sum(r.unpriced_calls) AS unpriced_calls, sum(r.estimated_calls) AS estimated_calls
${rollupRange}`,
    columns: [
      value("calls", "calls"),
      value("errors", "calls"),
      value("error_ratio", "ratio"),
      value("input_tokens", "tokens"),
      value("output_tokens", "tokens"),
      value("cache_read_tokens", "tokens"),
      value("cache_write_tokens", "tokens"),
      value("reasoning_tokens", "tokens"),
      value("cost_nanos", "nanodollars"),
      value("waste_nanos", "nanodollars"),
      value("unpriced_calls", "calls"),
      value("estimated_calls", "calls"),
    ],
    dimensions: rollupDimensions,
  },
  calls: {
    title: "Calls and errors by route",
    description: "calls, errors and their share over time, by route",
    sql: `SELECT ${bucket}, route, sum(r.calls) AS calls, ${errorSum} AS errors, ${errorRatio} AS error_ratio
${rollupRange}
GROUP BY time, route
ORDER BY time, route`,
    columns: [time, label("route"), value("calls", "calls"), value("errors", "calls"), value("error_ratio", "ratio")],
    dimensions: rollupDimensions,
  },
  errors: {
    title: "Errors by outcome and provider",
    description: "calls that did not end well over time, by outcome and provider",
    sql: `SELECT ${bucket}, outcome, provider, sum(r.calls) AS calls
${rollupRange} AND outcome NOT IN ('ok', 'cache_hit')
GROUP BY time, outcome, provider
ORDER BY time, outcome, provider`,
    columns: [time, label("outcome"), label("provider"), value("calls", "calls")],
    dimensions: rollupDimensions,
  },
  cost: {
    title: "Cost by model",
    description: "cost over time by model, with the calls that have no price apart",
    sql: `SELECT ${bucket}, model, sum(r.cost_nanos) AS cost_nanos, sum(r.unpriced_calls) AS unpriced_calls, sum(r.calls) AS calls
${rollupRange}
GROUP BY time, model
ORDER BY time, model`,
    columns: [
      time,
      label("model"),
      value("cost_nanos", "nanodollars"),
      value("unpriced_calls", "calls"),
      value("calls", "calls"),
    ],
    dimensions: rollupDimensions,
  },
  ttft: {
    title: "Time to first token by model",
    description: "median, p95 and p99 of the time to the first content delta over time, by model",
    sql: `SELECT time, model, ${quantiles("p50_ms", "p95_ms", "p99_ms")}, arraySum(counts) AS streamed
FROM (
  SELECT time, model, arraySort(mapKeys(bins)) AS keys, arrayMap(bin -> bins[bin], keys) AS counts
  FROM (
    SELECT ${bucket}, model, sumMap(r.ttft_ms_bins) AS bins
    ${rollupRange}
    GROUP BY time, model
  )
)
WHERE streamed > 0
ORDER BY time, model`,
    columns: [
      time,
      label("model"),
      value("p50_ms", "milliseconds"),
      value("p95_ms", "milliseconds"),
      value("p99_ms", "milliseconds"),
      value("streamed", "calls"),
    ],
    dimensions: rollupDimensions,
  },
  models: {
    title: "Models",
    description: "calls, errors, time to first token, tokens and cost of each model",
    sql: `SELECT model, calls, errors, error_ratio, ${quantiles("p50_ms", "p95_ms", "p99_ms")},
  input_tokens, output_tokens, cost_nanos, unpriced_calls
FROM (
  SELECT model, sum(r.calls) AS calls, ${errorSum} AS errors, ${errorRatio} AS error_ratio,
    sum(r.input_tokens) AS input_tokens, sum(r.output_tokens) AS output_tokens,
    sum(r.cost_nanos) AS cost_nanos, sum(r.unpriced_calls) AS unpriced_calls,
    sumMap(r.ttft_ms_bins) AS bins, arraySort(mapKeys(bins)) AS keys, arrayMap(bin -> bins[bin], keys) AS counts
  ${rollupRange}
  GROUP BY model
)
ORDER BY calls DESC, model`,
    columns: [
      label("model"),
      value("calls", "calls"),
      value("errors", "calls"),
      value("error_ratio", "ratio"),
      value("p50_ms", "milliseconds"),
      value("p95_ms", "milliseconds"),
      value("p99_ms", "milliseconds"),
      value("input_tokens", "tokens"),
      value("output_tokens", "tokens"),
      value("cost_nanos", "nanodollars"),
      value("unpriced_calls", "calls"),
    ],
    dimensions: rollupDimensions,
  },
  tokens: {
    title: "Tokens",
    description: "input, output and cached tokens over time",
    sql: `SELECT ${bucket}, sum(r.input_tokens) AS input_tokens, sum(r.output_tokens) AS output_tokens,
  sum(r.cache_read_tokens) AS cache_read_tokens
${rollupRange}
GROUP BY time
ORDER BY time`,
    columns: [
      time,
      value("input_tokens", "tokens"),
      value("output_tokens", "tokens"),
      value("cache_read_tokens", "tokens"),
    ],
    dimensions: rollupDimensions,
  },
  freshness: {
    title: "Freshness",
    description: "seconds from the end of a call to its row in the store, over time",
    sql: `SELECT ${bucket}, quantileTDigest(0.5)(age) AS p50_s, quantileTDigest(0.99)(age) AS p99_s, max(age) AS max_s, count() AS calls
FROM (
  SELECT r.minute AS minute, toUnixTimestamp64Milli(ingested_at) / 1000 - toUnixTimestamp64Nano(started_at) / 1e9 - duration_ms / 1000 AS age
  ${sourceRange}
) AS r
GROUP BY time
ORDER BY time`,
    columns: [
      time,
      value("p50_s", "seconds"),
      value("p99_s", "seconds"),
      value("max_s", "seconds"),
      value("calls", "calls"),
    ],
    dimensions: callDimensions,
  },
  completeness: {
    title: "Completeness",
    description: "calls that each gateway finished, and how many of them are stored",
    sql: `SELECT assumeNotNull(gateway_id) AS gateway, max(gateway_seq) - min(gateway_seq) + 1 AS finished, count() AS stored,
  finished - stored AS missing, max(ingested_at) AS newest_row
${sourceRange} AND isNotNull(gateway_id)
GROUP BY gateway
ORDER BY newest_row DESC
LIMIT 100`,
    columns: [
      label("gateway"),
      value("finished", "calls"),
      value("stored", "calls"),
      value("missing", "calls"),
      value("newest_row", "timestamp"),
    ],
    dimensions: ["tenant"],
  },
};
