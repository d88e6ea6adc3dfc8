import type { TablePanel, TimeseriesPanel } from "../panel.ts";

/** Cost over time, by the model that served. */
export const costByModel: TimeseriesPanel = {
  id: "cost-by-model",
  title: "Cost by model",
  description:
    "What the calls of each interval cost, stacked by the model that served them. Unpriced calls are left out.",
  question: "cost",
  kind: "timeseries",
  time: "time",
  series: ["model"],
  values: [{ column: "cost_nanos", title: "Cost", unit: "nanodollars" }],
  shown: "cost_nanos",
  shape: "bars",
};

/** Time to first token over time, by model. */
export const ttftByModel: TimeseriesPanel = {
  id: "ttft-by-model",
  title: "Time to first token by model",
  description:
    "From the request to the first piece of content, for streamed calls: half are faster than p50, 95 of 100 faster than p95. A gap means that nothing was streamed.",
  question: "ttft",
  filledBy: "answers that are streamed",
  kind: "timeseries",
  time: "time",
  series: ["model"],
  values: [
    { column: "p50_ms", title: "p50", unit: "milliseconds" },
    { column: "p95_ms", title: "p95", unit: "milliseconds" },
    { column: "p99_ms", title: "p99", unit: "milliseconds" },
  ],
  shown: "p95_ms",
  shape: "line",
};

/** Every model in the range, compared. */
export const modelsTable: TablePanel = {
  id: "models",
  title: "Models",
  description: "Each model that served a call in the range, with its traffic, errors, speed and cost.",
  question: "models",
  kind: "table",
  labels: [{ column: "model", title: "Model", isSeries: true }],
  values: [
    { column: "calls", title: "Calls", unit: "calls" },
    { column: "error_ratio", title: "Errors", unit: "ratio", thresholds: { badWhen: "above", warn: 0.01, bad: 0.05 } },
    { column: "p50_ms", title: "TTFT p50", unit: "milliseconds" },
    { column: "p95_ms", title: "TTFT p95", unit: "milliseconds" },
    { column: "output_tokens", title: "Output tokens", unit: "tokens" },
    { column: "cost_nanos", title: "Cost", unit: "nanodollars" },
    { column: "unpriced_calls", title: "Unpriced", unit: "calls" },
  ],
  sortBy: "calls",
};

/** Tokens over time. */
export const tokens: TimeseriesPanel = {
  id: "tokens",
  title: "Tokens",
  description: "Tokens read and written in each interval. Input includes cached tokens, output includes reasoning.",
  question: "tokens",
  kind: "timeseries",
  time: "time",
  series: [],
  values: [
    { column: "input_tokens", title: "Input", unit: "tokens" },
    { column: "output_tokens", title: "Output", unit: "tokens" },
  ],
  shown: "input_tokens",
  shape: "bars",
};
