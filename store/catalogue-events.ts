import type { Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";

const name = "LowCardinality(String)";
const time = "DateTime64(3, 'UTC')";

/** Changes of state of alerts. */
export const alertsTable: Table = {
  name: "alerts",
  doc: "Changes of state of alerts, a row each.",
  columns: [
    column("at", time, "When the state changed."),
    column("rule", name, "Name of the rule."),
    column("fingerprint", "String", "Hash of the labels, 16 hex characters: the alert's identity."),
    column("labels", "Map(LowCardinality(String), String)", "Labels of the alert."),
    column("annotations", "Map(LowCardinality(String), String)", "What it says to people."),
    column("state", name, "pending, firing, resolved, or dropped: pending and gone."),
    column("reason", "String", "Why the state changed."),
    column("value", "Nullable(Float64)", "The value that was compared; NULL when there was none."),
    column("starts_at", time, "When the condition was first met."),
    column("action", name, "What the alert asks for besides being told."),
  ],
};

/** Verdicts, and what became of them where they were issued. */
export const verdictsTable: Table = {
  name: "verdicts",
  doc: "Verdicts that moved traffic, would have, or were held back.",
  columns: [
    column("at", time, "When it was decided."),
    column("verdict_id", "String", "Id of the verdict, 32 hex characters."),
    column("subject", "String", "What it is about: of the verdicts on one subject the latest holds."),
    column("sequence", "UInt64", "Higher than that of every earlier verdict on the subject."),
    column("action", name, "What it is called: reroute, eject, restore, step, rollback, promote and so on."),
    column("route", name, "Route whose traffic it moves."),
    column("effect", "String", "What it asks the routing table for, as JSON."),
    column("reason", "String", "Why, in words."),
    column("evidence_id", "Nullable(String)", "Canary or alert it rests on; NULL when a person decided."),
    column("expires_at", time, "From then on the configured weights hold again."),
    column("state", name, "issued, dry_run or held_back."),
    column("obstacle", "String", "What held it back; empty otherwise."),
  ],
};

/** What was concluded of canaries. */
export const canariesTable: Table = {
  name: "canaries",
  doc: "Looks at canaries that changed something, a row each.",
  columns: [
    column("at", time, "When it was concluded."),
    column("canary_id", "String", "Id of the canary."),
    column("route", name, "Route it runs on."),
    column("candidate", name, "Target that is on trial."),
    column("stage", "UInt16", "Stage of its plan, from 0."),
    column(
      "share",
      "Float64",
      "Share of the route's calls that the candidate has, from 0 to 1; 0 also where others shift the traffic.",
    ),
    column("status", name, "running, held, promoted, rolled_back, aborted or invalid."),
    column("log_evidence", "Float64", "Natural logarithm of the combined evidence of harm."),
    column("log_bound", "Float64", "The evidence that makes a rollback, as natural logarithm."),
    column("candidate_calls", "UInt64", "Calls of the candidate that were judged."),
    column("baseline_calls", "UInt64", "Calls of the other targets in the same time."),
    column("needed_calls", "Nullable(UInt64)", "Calls of the candidate still needed; NULL when that cannot be told."),
    column("says", "String", "The worst metric with its effect, or what is waited for."),
  ],
};

/** What became of telling receivers. */
export const notificationsTable: Table = {
  name: "notifications",
  doc: "Notifications that were sent, failed or were dropped.",
  columns: [
    column("at", time, "When it was settled."),
    column("receiver", name, "Name of the receiver."),
    column("group_key", "String", "Group of alerts it was about."),
    column("idempotency_key", "String", "The same at every try of one notification."),
    column("state", name, "sent, failed or dropped."),
    column("reason", "String", "Why it was told, or why it was not."),
    column("firing", "UInt32", "Firing alerts in it."),
    column("resolved", "UInt32", "Resolved alerts in it."),
    column("tries", "UInt16", "Tries it took, from 1."),
  ],
};

/** What roles remember over a restart. */
export const roleStatesTable: Table = {
  name: "role_states",
  doc: "What roles remember over a restart; of the rows with one owner and key the highest sequence holds.",
  columns: [
    column("owner", name, "Which part of which role it belongs to."),
    column("key", "String", "Name of the state."),
    column("sequence", "UInt64", "Higher than that of every earlier state of the key."),
    column("saved_at", time, "When it was saved."),
    column("state", "String", "JSON; empty says that it was forgotten."),
  ],
};
