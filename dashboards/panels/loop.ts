import type { TablePanel } from "../panel.ts";

const at = { column: "at", title: "When", unit: "timestamp" } as const;

/** Where each canary stands, as it was told last. */
export const canariesTable: TablePanel = {
  id: "canaries-told",
  title: "Canaries over time",
  description:
    "Each canary of the range as it was told last. Evidence is a natural logarithm: at its bound the candidate is taken back. Needed are calls of the candidate that are still to come before its stage can be passed.",
  question: "canaries",
  filledBy: "a canary that is started: plumbline canary start",
  kind: "table",
  labels: [
    { column: "candidate", title: "Candidate" },
    { column: "route", title: "Route" },
    { column: "status", title: "Status" },
    { column: "stage", title: "Stage" },
    { column: "says", title: "Says" },
  ],
  values: [
    { column: "share", title: "Share", unit: "ratio" },
    { column: "log_evidence", title: "Evidence", unit: "nats" },
    { column: "log_bound", title: "Bound", unit: "nats" },
    { column: "candidate_calls", title: "Calls", unit: "calls" },
    { column: "needed_calls", title: "Needed", unit: "calls" },
    at,
  ],
  sortBy: "at",
};

/** What moved traffic, and what did not. */
export const verdictsTable: TablePanel = {
  id: "verdicts",
  title: "Verdicts",
  description:
    "Decisions that moved traffic, would have moved it in a dry run, or were held back, with the reason and what held them back. A verdict that is not renewed gives way to the configured weights.",
  question: "verdicts",
  filledBy: "a verdict that moves traffic, or is held back",
  kind: "table",
  labels: [
    { column: "action", title: "Action" },
    { column: "subject", title: "Subject" },
    { column: "state", title: "State" },
    { column: "reason", title: "Reason" },
    { column: "obstacle", title: "Held back by" },
  ],
  values: [{ column: "lasts_s", title: "Lasts", unit: "seconds" }, at],
  sortBy: "at",
};

/** What rules found. */
export const alertsTable: TablePanel = {
  id: "alerts",
  title: "Alerts",
  description:
    "Changes of state of alerts with the reason: pending since the condition was first met, firing when it lasted, resolved when it is over, dropped when it was over before it fired.",
  question: "alerts",
  filledBy: "an alert that begins or ends",
  kind: "table",
  labels: [
    { column: "rule", title: "Rule" },
    { column: "state", title: "State" },
    { column: "labels", title: "Labels" },
    { column: "reason", title: "Reason" },
  ],
  values: [{ column: "lasted_s", title: "Lasted", unit: "seconds" }, at],
  sortBy: "at",
};

/** Whether those who should know were told. */
export const notificationsTable: TablePanel = {
  id: "notifications",
  title: "Notifications",
  description:
    "What became of telling each receiver: sent, failed after all tries, or dropped, with the reason and the number of alerts in it.",
  question: "notifications",
  filledBy: "a receiver that is told of alerts",
  kind: "table",
  labels: [
    { column: "receiver", title: "Receiver" },
    { column: "state", title: "State" },
    { column: "reason", title: "Reason" },
  ],
  values: [
    { column: "firing", title: "Firing", unit: "count" },
    { column: "resolved", title: "Resolved", unit: "count" },
    { column: "tries", title: "Tries", unit: "count" },
    at,
  ],
  sortBy: "at",
};
