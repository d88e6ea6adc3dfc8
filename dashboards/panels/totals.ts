import type { StatPanel } from "../panel.ts";

/** Calls in the range. */
export const callsTotal: StatPanel = {
  id: "calls-total",
  title: "Calls",
  description: "Calls that started in the range, whatever their outcome.",
  question: "totals",
  kind: "stat",
  value: { column: "calls", title: "Calls", unit: "calls" },
  trend: { question: "calls", time: "time", column: "calls" },
  thresholds: null,
  caveat: null,
};

/** Share of calls that ended in an error. */
export const errorRatio: StatPanel = {
  id: "error-ratio",
  title: "Error ratio",
  description:
    "Share of calls that ended in an error. A call that the caller gave up or that a policy or a budget refused is none. Unknown without a call.",
  question: "totals",
  kind: "stat",
  value: { column: "error_ratio", title: "Error ratio", unit: "ratio" },
  trend: { question: "calls", time: "time", column: "errors" },
  thresholds: { badWhen: "above", warn: 0.01, bad: 0.05 },
  caveat: null,
};

/** What the calls of the range cost. */
export const costTotal: StatPanel = {
  id: "cost-total",
  title: "Cost",
  description:
    "Sum of the prices of all calls, exact to the nano-dollar. Calls of which no price is known are not in it.",
  question: "totals",
  kind: "stat",
  value: { column: "cost_nanos", title: "Cost", unit: "nanodollars" },
  trend: { question: "cost", time: "time", column: "cost_nanos" },
  thresholds: null,
  caveat: { column: "unpriced_calls", text: "without a price" },
};

/** Output tokens of the range. */
export const outputTokensTotal: StatPanel = {
  id: "output-tokens-total",
  title: "Output tokens",
  description:
    "Tokens that the models wrote, reasoning included. Where a provider told no number it is estimated from the text.",
  question: "totals",
  kind: "stat",
  value: { column: "output_tokens", title: "Output tokens", unit: "tokens" },
  trend: { question: "tokens", time: "time", column: "output_tokens" },
  thresholds: null,
  caveat: { column: "estimated_calls", text: "estimated" },
};
