import type { AlertEvent, CanaryEvent, NotificationEvent, RoleEvents, VerdictEvent } from "../core/events.ts";
import { alertsTable, canariesTable, notificationsTable, verdictsTable } from "./catalogue-events.ts";
import { msCell, smallCell } from "./cells.ts";
import { insertOnOneShard } from "./insert-on-one-shard.ts";
import type { Row } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";

/** Saves the events of one step of a role; the engine drops those of a token that it has seen. */
export const saveEvents = async (sql: SqlClient, events: RoleEvents): Promise<void> => {
  const { token, alerts = [], verdicts = [], canaries = [], notifications = [] } = events;
  await insertOnOneShard(sql, { table: alertsTable, token, rows: alerts.map(alertRow) });
  await insertOnOneShard(sql, { table: verdictsTable, token, rows: verdicts.map(verdictRow) });
  await insertOnOneShard(sql, { table: canariesTable, token, rows: canaries.map(canaryRow) });
  await insertOnOneShard(sql, { table: notificationsTable, token, rows: notifications.map(notificationRow) });
};

const alertRow = (event: AlertEvent): Row => [
  msCell(event.atMs),
  event.rule,
  event.fingerprint,
  event.labels,
  event.annotations,
  event.state,
  event.reason,
  event.value,
  msCell(event.startsAtMs),
  event.action,
];

const verdictRow = (event: VerdictEvent): Row => [
  msCell(event.atMs),
  event.verdictId,
  event.subject,
  event.sequence,
  event.action,
  event.route,
  event.effect,
  event.reason,
  event.evidenceId,
  msCell(event.expiresAtMs),
  event.state,
  event.obstacle,
];

const canaryRow = (event: CanaryEvent): Row => [
  msCell(event.atMs),
  event.canaryId,
  event.route,
  event.candidate,
  smallCell(event.stage),
  event.share,
  event.status,
  event.logEvidence,
  event.logBound,
  event.candidateCalls,
  event.baselineCalls,
  event.neededCalls,
  event.says,
];

const notificationRow = (event: NotificationEvent): Row => [
  msCell(event.atMs),
  event.receiver,
  event.groupKey,
  event.idempotencyKey,
  event.state,
  event.reason,
  event.firing,
  event.resolved,
  smallCell(event.tries),
];
