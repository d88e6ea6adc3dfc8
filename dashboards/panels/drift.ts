import type { TablePanel } from "../panel.ts";

const comparison = [
  { column: "current_n", title: "Answers", unit: "calls" },
  { column: "baseline_n", title: "Held against", unit: "calls" },
  { column: "log_evidence", title: "Evidence", unit: "nats" },
] as const;

/** What was found of the answers. */
export const findings: TablePanel = {
  id: "findings",
  title: "Findings",
  description:
    "Answers that have changed since before: what was measured, how it differs, and how many answers were held against how many. Evidence is a natural logarithm; what is listed has crossed its bound, which keeps false alarms to the number that is configured.",
  question: "findings",
  filledBy: "a drift test that crosses its bound",
  kind: "table",
  labels: [
    { column: "model", title: "Model", isSeries: true },
    { column: "measure", title: "Measure" },
    { column: "says", title: "What changed" },
  ],
  values: [...comparison],
  sortBy: "log_evidence",
};

/** Where the test of each series stands. */
export const drift: TablePanel = {
  id: "drift",
  title: "Drift",
  description:
    "Each series of answers with the test that compares it with before: learning while it gathers a baseline, watching while it compares, alarm from when the evidence has crossed its bound until a whole pass has not.",
  question: "drift",
  filledBy: "answers that are measured, once there is a reference to compare with",
  kind: "table",
  labels: [
    { column: "model", title: "Model", isSeries: true },
    { column: "measure", title: "Measure" },
    { column: "status", title: "Status" },
  ],
  values: [...comparison, { column: "log_bound", title: "Bound", unit: "nats" }],
  sortBy: "log_evidence",
};
