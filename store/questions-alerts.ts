import {
  bucket,
  errorRatio,
  errorSum,
  hadCaller,
  histogramOf,
  quantiles,
  rangeOf,
  rollupRange,
} from "./question-sql.ts";
import type { Question } from "./questions-column.ts";
import { label, time, value } from "./questions-column.ts";

const rollupDimensions = ["tenant", "route", "variant", "provider", "model", "outcome"] as const;

const calls = "sum(r.calls)";
const wellEnded = "sumIf(r.calls, r.outcome IN ('ok', 'cache_hit'))";
const rateLimited = "sumIf(r.calls, r.outcome = 'rate_limited')";

/** A quotient, NULL where there is nothing to divide by. */
const perOr = (some: string, all: string): string => `if(${all} > 0, ${some} / ${all}, NULL)`;

const sums = [
  `${calls} AS calls`,
  `${errorSum} AS errors`,
  `${errorRatio} AS error_ratio`,
  `${rateLimited} AS rate_limited`,
  `${perOr(rateLimited, calls)} AS rate_limited_ratio`,
  "sum(r.fallbacks) AS fallbacks",
  `${perOr("sum(r.fallbacks)", calls)} AS fallback_ratio`,
  `${perOr("sum(r.cost_nanos)", wellEnded)} AS success_cost_nanos`,
  `${perOr("sum(r.input_tokens) + sum(r.output_tokens)", calls)} AS call_tokens`,
] as const;

const sumColumns = [
  value("calls", "calls"),
  value("errors", "calls"),
  value("error_ratio", "ratio"),
  value("rate_limited", "calls"),
  value("rate_limited_ratio", "ratio"),
  value("fallbacks", "calls"),
  value("fallback_ratio", "ratio"),
  value("success_cost_nanos", "nanodollars"),
  value("call_tokens", "tokens"),
] as const;

const namesOf = (columns: readonly { readonly name: string }[]): string => columns.map(({ name }) => name).join(", ");

/** How the calls of the whole range that had a caller went, by some dimensions: a row for each combination of them. */
const callsBy = (title: string, description: string, dimensions: readonly string[]): Question => ({
  title,
  description,
  sql: `SELECT ${dimensions.join(", ")}, ${namesOf(sumColumns)}, ${quantiles("p50_ms", "p95_ms", "p99_ms")}, arraySum(counts) AS streamed
FROM (
  SELECT ${dimensions.map((name) => `r.${name} AS ${name}`).join(", ")},
    ${sums.join(",\n    ")},
    sumMap(r.ttft_ms_bins) AS bins, ${histogramOf("bins")}
  ${rollupRange} AND ${hadCaller}
  GROUP BY ${dimensions.join(", ")}
)
ORDER BY calls DESC, ${dimensions.join(", ")}`,
  columns: [
    ...dimensions.map(label),
    ...sumColumns,
    value("p50_ms", "milliseconds"),
    value("p95_ms", "milliseconds"),
    value("p99_ms", "milliseconds"),
    value("streamed", "calls"),
  ],
  dimensions: rollupDimensions,
});

const refusalClass = "answer_refusal_class@1=";

/** Questions that the alert rules ask, answered from `calls_1m` and `measures_1m`. */
export const alertQuestions = {
  routes: callsBy("Routes", "errors, fallbacks, cost, tokens and time to first token of each route", ["route"]),
  targets: callsBy("Targets", "the same of each target of a route", ["route", "variant", "provider"]),
  providers: callsBy("Providers", "the same of each provider", ["provider"]),
  refusals: {
    title: "Refusals by model",
    description: "answers that were measured over time, and how many of them declined, by route and model",
    sql: `SELECT ${bucket}, route, model, sumIf(r.n, startsWith(r.measure, '${refusalClass}')) AS answers,
  sumIf(r.n, r.measure = '${refusalClass}full') AS refusals, refusals / answers AS refusal_ratio
${rangeOf("measures_1m")}
GROUP BY time, route, model
HAVING answers > 0
ORDER BY time, route, model`,
    columns: [
      time,
      label("route"),
      label("model"),
      value("answers", "calls"),
      value("refusals", "calls"),
      value("refusal_ratio", "ratio"),
    ],
    dimensions: ["tenant", "route", "variant", "model"],
  },
} as const satisfies Readonly<Record<string, Question>>;
