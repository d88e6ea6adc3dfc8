import { bucket, errorRatio, errorSum, hadCaller, histogramOf, quantiles, rollupRange } from "./question-sql.ts";
import type { Question } from "./questions-column.ts";
import { label, time, value } from "./questions-column.ts";

const rollupDimensions = ["tenant", "route", "variant", "provider", "model", "outcome"] as const;

/** Questions about calls, answered from `calls_1m`. */
export const callQuestions = {
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
    isOneRow: true,
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
    description: "calls that had a caller and did not end well over time, by outcome and provider",
    sql: `SELECT ${bucket}, outcome, provider, sum(r.calls) AS calls
${rollupRange} AND ${hadCaller} AND outcome NOT IN ('ok', 'cache_hit')
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
  SELECT time, model, ${histogramOf("bins")}
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
    sumMap(r.ttft_ms_bins) AS bins, ${histogramOf("bins")}
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
} as const satisfies Readonly<Record<string, Question>>;
