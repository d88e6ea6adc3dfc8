import type { TimeseriesPanel } from "../panel.ts";

/** Calls over time, by route. */
export const callsByRoute: TimeseriesPanel = {
  id: "calls-by-route",
  title: "Calls by route",
  description: "Calls that started in each interval, stacked by the route they took.",
  question: "calls",
  kind: "timeseries",
  time: "time",
  series: ["route"],
  values: [{ column: "calls", title: "Calls", unit: "calls" }],
  shown: "calls",
  shape: "bars",
};

/** Failed calls over time, by route. */
export const errorsByRoute: TimeseriesPanel = {
  id: "errors-by-route",
  title: "Errors by route",
  description:
    "Calls that ended in an error, stacked by route. Calls that the caller gave up or a policy or a budget refused are not in it.",
  question: "calls",
  kind: "timeseries",
  time: "time",
  series: ["route"],
  values: [{ column: "errors", title: "Errors", unit: "calls" }],
  shown: "errors",
  shape: "bars",
};

/** Calls that did not end well over time, by how they ended and at which provider. */
export const outcomes: TimeseriesPanel = {
  id: "outcomes",
  title: "How calls failed",
  description:
    "Calls that ended neither ok nor from the cache, by outcome and provider. An empty chart means that all went well.",
  question: "errors",
  filledBy: "calls that do not end well",
  kind: "timeseries",
  time: "time",
  series: ["outcome", "provider"],
  values: [{ column: "calls", title: "Calls", unit: "calls" }],
  shown: "calls",
  shape: "bars",
};
