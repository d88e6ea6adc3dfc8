import type { Ids } from "../core/ids.ts";
import { gatewayCensusTable, gatewayReportsTable } from "./catalogue-census.ts";
import { minuteCell, msCell } from "./cells.ts";
import { insertOnOneShard } from "./insert-on-one-shard.ts";
import type { Row } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";
import type { ReceivedReport } from "./store.ts";

/** What reports are saved with. */
export interface SaveReportsDeps {
  readonly sql: SqlClient;
  readonly ids: Ids;
}

/**
 * Saves reports of gateways. The reports come before their counts: whoever reads between the two then sees a gateway that has
 * finished more than is counted, and takes nothing for older than it is. Repeats merge into what is there, so that the engine need
 * not drop them: every insert has a token of its own.
 */
export const saveReports = async (deps: SaveReportsDeps, received: readonly ReceivedReport[]): Promise<void> => {
  const { sql, ids } = deps;
  const token = () => `reports:${ids.next()}`;
  await insertOnOneShard(sql, { table: gatewayReportsTable, token: token(), rows: received.map(reportRow) });
  await insertOnOneShard(sql, { table: gatewayCensusTable, token: token(), rows: received.flatMap(countRows) });
};

const reportRow = ({ report, receivedAtMs }: ReceivedReport): Row => [
  minuteCell(nsOf(receivedAtMs)),
  report.gatewayId,
  msCell(report.reportedAtMs),
  msCell(receivedAtMs),
  report.everyMs,
  report.isLast ? 1 : 0,
  report.finished,
  report.waiting,
  report.oldestWaitingMs,
];

const countRows = ({ report }: ReceivedReport): readonly Row[] =>
  report.counts.map(({ tenant, minute, route, finished, lastFinishedAtMs }) => [
    tenant,
    minute,
    route,
    report.gatewayId,
    finished,
    msCell(lastFinishedAtMs),
  ]);

const nsOf = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;
