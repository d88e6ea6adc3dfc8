import type { TablePanel, TimeseriesPanel } from "../panel.ts";

const values = [
  { column: "calls", title: "Calls", unit: "calls" },
  { column: "error_ratio", title: "Errors", unit: "ratio", thresholds: { badWhen: "above", warn: 0.01, bad: 0.05 } },
  { column: "rate_limited_ratio", title: "Rate limited", unit: "ratio" },
  { column: "fallback_ratio", title: "Fallbacks", unit: "ratio" },
  { column: "p95_ms", title: "TTFT p95", unit: "milliseconds" },
  { column: "p99_ms", title: "TTFT p99", unit: "milliseconds" },
  { column: "success_cost_nanos", title: "Cost of a success", unit: "nanodollars" },
  { column: "call_tokens", title: "Tokens of a call", unit: "tokens" },
] as const;

/** What the rules on routes compare. */
export const routesTable: TablePanel = {
  id: "routes",
  title: "Routes",
  description:
    "Each route in the range. A success costs what all calls of the route cost, divided by those that ended well; fallbacks are calls that another target than the first answered.",
  question: "routes",
  kind: "table",
  labels: [{ column: "route", title: "Route", isSeries: true }],
  values: [...values],
  sortBy: "calls",
};

/** What the rules on targets compare. */
export const targetsTable: TablePanel = {
  id: "targets",
  title: "Targets",
  description: "Each target of a route in the range: what verdicts shift calls between.",
  question: "targets",
  kind: "table",
  labels: [
    { column: "variant", title: "Target", isSeries: true },
    { column: "route", title: "Route" },
    { column: "provider", title: "Provider" },
  ],
  values: [...values],
  sortBy: "calls",
};

/** What the rules on providers compare. */
export const providersTable: TablePanel = {
  id: "providers",
  title: "Providers",
  description: "Each provider in the range, over all routes. Rate limited are calls that it answered with status 429.",
  question: "providers",
  kind: "table",
  labels: [{ column: "provider", title: "Provider", isSeries: true }],
  values: [...values],
  sortBy: "calls",
};

/** Share of answers that declined. */
export const refusalsByModel: TimeseriesPanel = {
  id: "refusals-by-model",
  title: "Refusals by model",
  description:
    "Share of the measured answers in which the model declined and did not help. A gap means that no answer was measured.",
  question: "refusals",
  filledBy: "answers of models whose text is measured",
  kind: "timeseries",
  time: "time",
  series: ["route", "model"],
  values: [{ column: "refusal_ratio", title: "Refusals", unit: "ratio" }],
  shown: "refusal_ratio",
  shape: "line",
};
