import type { TablePanel, TimeseriesPanel } from "../panel.ts";

/** How long calls take from their end to their row. */
export const freshness: TimeseriesPanel = {
  id: "freshness",
  title: "Freshness",
  description:
    "Time from the end of a call to its row in the store: the median, the 99th percentile, and the worst of each interval.",
  question: "freshness",
  kind: "timeseries",
  time: "time",
  series: [],
  values: [
    { column: "p50_s", title: "p50", unit: "seconds" },
    { column: "p99_s", title: "p99", unit: "seconds" },
    { column: "max_s", title: "worst", unit: "seconds" },
  ],
  shown: "p99_s",
  shape: "line",
};

/** Calls that each gateway finished against calls that were stored. */
export const completeness: TablePanel = {
  id: "completeness",
  title: "Completeness",
  description:
    "Calls that each gateway process has finished, and how many of them are stored. Missing ones are on their way, or lost.",
  question: "completeness",
  kind: "table",
  labels: [{ column: "gateway", title: "Gateway" }],
  values: [
    { column: "finished", title: "Finished", unit: "calls" },
    { column: "stored", title: "Stored", unit: "calls" },
    { column: "missing", title: "Missing", unit: "calls", thresholds: { badWhen: "above", warn: 1, bad: 100 } },
    { column: "newest_row", title: "Newest row", unit: "timestamp" },
  ],
  sortBy: "newest_row",
};
