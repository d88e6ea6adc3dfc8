import type { StatPanel, TablePanel, TimeseriesPanel } from "../panel.ts";

/** Finished calls that are not stored. */
export const missingTotal: StatPanel = {
  id: "missing-total",
  title: "Missing calls",
  description:
    "Calls that the gateways finished in the range and that are not stored. A few are always on their way; more than that, or the same ones for long, are late or lost.",
  question: "telemetry_health",
  kind: "stat",
  value: { column: "missing", title: "Missing calls", unit: "calls" },
  trend: { question: "completeness", time: "time", column: "missing" },
  thresholds: null,
  caveat: null,
};

/** Gateways that fell silent. */
export const silentGateways: StatPanel = {
  id: "silent-gateways",
  title: "Silent gateways",
  description:
    "Gateway processes whose reports stopped coming without a good-bye: nobody knows what they finished since. One that stopped, or whose spool was shipped after its death, is not silent.",
  question: "telemetry_health",
  kind: "stat",
  value: { column: "silent_gateways", title: "Silent gateways", unit: "gateways" },
  trend: null,
  thresholds: { badWhen: "above", warn: 1, bad: 2 },
  caveat: null,
};

/** How long calls take from their end to their row. */
export const freshness: TimeseriesPanel = {
  id: "freshness",
  title: "Freshness",
  description:
    "Time from the end of a call to its row in the store: the median, and what 95 and 99 of 100 calls keep, by the minute in which the calls started.",
  question: "freshness",
  kind: "timeseries",
  time: "time",
  series: [],
  values: [
    { column: "p50_s", title: "p50", unit: "seconds" },
    { column: "p95_s", title: "p95", unit: "seconds" },
    { column: "p99_s", title: "p99", unit: "seconds" },
  ],
  shown: "p99_s",
  shape: "line",
};

/** Calls finished, stored and missing over time, by tenant. */
export const completeness: TimeseriesPanel = {
  id: "completeness",
  title: "Completeness by tenant",
  description:
    "Calls that the gateways finished, calls that are stored, and the difference, by the minute in which the calls started. Calls of foreign collectors count as stored alone.",
  question: "completeness",
  filledBy: "reports of gateways on what they have finished",
  kind: "timeseries",
  time: "time",
  series: ["tenant"],
  values: [
    { column: "missing", title: "Missing", unit: "calls" },
    { column: "finished", title: "Finished", unit: "calls" },
    { column: "stored", title: "Stored", unit: "calls" },
  ],
  shown: "missing",
  shape: "bars",
};

/** Every gateway process, with what it told. */
export const gateways: TablePanel = {
  id: "gateways",
  title: "Gateways",
  description:
    "Each gateway process of the range: whether it reports, what it finished, how much of that is stored, what waits in its spool, and how far its clock is off. Ages are told at their least.",
  question: "gateways",
  filledBy: "reports of gateways on what they have finished",
  kind: "table",
  labels: [
    { column: "gateway", title: "Gateway" },
    { column: "state", title: "State" },
  ],
  values: [
    { column: "finished", title: "Finished", unit: "calls" },
    { column: "stored", title: "Stored", unit: "calls" },
    { column: "missing", title: "Missing", unit: "calls" },
    {
      column: "oldest_unstored_s",
      title: "Oldest missing",
      unit: "seconds",
      thresholds: { badWhen: "above", warn: 5, bad: 10 },
    },
    { column: "waiting", title: "In spool", unit: "calls" },
    { column: "oldest_waiting_s", title: "Oldest in spool", unit: "seconds" },
    { column: "report_age_s", title: "Last report", unit: "seconds" },
    { column: "clock_offset_s", title: "Clock off", unit: "seconds" },
  ],
  sortBy: "missing",
};
