import { whereSlot } from "./question-sql.ts";
import type { Question, QuestionColumn } from "./questions-column.ts";
import { label, value } from "./questions-column.ts";

/** The events of a table in the range of a question, to the millisecond. */
const eventsOf = (table: string): string => `FROM ${table} AS r
WHERE r.at >= {from:DateTime64(3)} AND r.at < {to:DateTime64(3)} AND ${whereSlot}`;

const newest = `ORDER BY at DESC
LIMIT 200`;

const at: QuestionColumn = value("at", "timestamp");

const judged = ["status", "stage", "says"] as const;
const measured = ["share", "log_evidence", "log_bound", "candidate_calls", "baseline_calls", "needed_calls"] as const;
const last = [...judged, ...measured];

/** Questions about what the alerts role found, decided and told, answered from its events. */
export const loopQuestions = {
  canaries: {
    title: "Canaries",
    description: "where each canary of the range stood last",
    sql: `SELECT at, canary, route, candidate, ${last.map((name, index) => `last.${index + 1} AS ${name}`).join(", ")}
FROM (
  SELECT r.canary_id AS canary, r.route AS route, r.candidate AS candidate, max(r.at) AS at,
    argMax(tuple(r.status, toString(r.stage + 1), r.says, ${measured.map((name) => `r.${name}`).join(", ")}), r.at) AS last
  ${eventsOf("canaries")}
  GROUP BY canary, route, candidate
)
${newest}`,
    columns: [
      at,
      label("canary"),
      label("route"),
      label("candidate"),
      ...judged.map(label),
      value("share", "ratio"),
      value("log_evidence", "nats"),
      value("log_bound", "nats"),
      value("candidate_calls", "calls"),
      value("baseline_calls", "calls"),
      value("needed_calls", "calls"),
    ],
    dimensions: ["route", "candidate"],
  },
  verdicts: {
    title: "Verdicts",
    description: "verdicts that moved traffic, would have, or were held back, the newest first",
    sql: `SELECT r.at AS at, r.action AS action, r.subject AS subject, r.route AS route, r.state AS state, r.reason AS reason,
  r.obstacle AS obstacle, ifNull(r.evidence_id, '') AS evidence, dateDiff('second', r.at, r.expires_at) AS lasts_s
${eventsOf("verdicts")}
${newest}`,
    columns: [
      at,
      label("action"),
      label("subject"),
      label("route"),
      label("state"),
      label("reason"),
      label("obstacle"),
      label("evidence"),
      value("lasts_s", "seconds"),
    ],
    dimensions: ["route", "action", "state"],
  },
  alerts: {
    title: "Alerts",
    description: "changes of state of alerts, the newest first",
    sql: `SELECT r.at AS at, r.rule AS rule, r.state AS state, r.reason AS reason, r.action AS action,
  arrayStringConcat(arrayMap((name, text) -> concat(name, '=', text), mapKeys(r.labels), mapValues(r.labels)), ', ') AS labels,
  dateDiff('second', r.starts_at, r.at) AS lasted_s
${eventsOf("alerts")}
${newest}`,
    columns: [
      at,
      label("rule"),
      label("state"),
      label("reason"),
      label("action"),
      label("labels"),
      value("lasted_s", "seconds"),
    ],
    dimensions: ["rule", "state"],
  },
  notifications: {
    title: "Notifications",
    description: "what became of telling receivers of alerts, the newest first",
    sql: `SELECT r.at AS at, r.receiver AS receiver, r.state AS state, r.reason AS reason, r.group_key AS alerts,
  r.firing AS firing, r.resolved AS resolved, r.tries AS tries
${eventsOf("notifications")}
${newest}`,
    columns: [
      at,
      label("receiver"),
      label("state"),
      label("reason"),
      label("alerts"),
      value("firing", "count"),
      value("resolved", "count"),
      value("tries", "count"),
    ],
    dimensions: ["receiver", "state"],
  },
} as const satisfies Readonly<Record<string, Question>>;
