import type { Conclusions, Evidence, Finding, MeasuredSeries, Sample } from "../core/evidence.ts";
import type { Table } from "./catalogue-column.ts";
import { evidenceTable, findingsTable } from "./catalogue-evidence.ts";
import { countCell, minuteCell } from "./cells.ts";
import type { Cell, Row } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";

/** What a detector concludes belongs to no partition of the bus: one shard keeps it. */
const shardingPartition = 0;

/**
 * Saves what a detector concluded from a minute. The findings come first and the evidence says that they are there: whoever
 * concludes the same again after a crash inserts under the same tokens, which changes nothing.
 */
export const saveConclusions = async (sql: SqlClient, conclusions: Conclusions): Promise<void> => {
  const { detector, evidence, findings } = conclusions;
  await insert(sql, { table: findingsTable, conclusions, rows: findings.map((each) => findingRow(detector, each)) });
  await insert(sql, { table: evidenceTable, conclusions, rows: evidence.map((each) => evidenceRow(detector, each)) });
};

const insert = async (
  sql: SqlClient,
  work: { readonly table: Table; readonly conclusions: Conclusions; readonly rows: readonly Row[] },
): Promise<void> => {
  const { table, conclusions, rows } = work;
  if (rows.length > 0) {
    const token = `${conclusions.detector}:${conclusions.minuteMs}`;
    await sql.insert({
      table: table.name,
      columns: table.columns.map(({ name }) => name),
      rows,
      token,
      partition: shardingPartition,
      comment: token,
    });
  }
};

const evidenceRow = (detector: string, evidence: Evidence): Row => [
  detector,
  minuteOf(evidence),
  ...seriesCells(evidence),
  evidence.status,
  evidence.logBound,
  ...sampleCells(evidence),
  evidence.state,
];

const findingRow = (detector: string, finding: Finding): Row => [
  detector,
  minuteOf(finding),
  finding.kind,
  ...seriesCells(finding),
  ...sampleCells(finding),
];

const minuteOf = ({ minuteMs }: { readonly minuteMs: number }): Cell => minuteCell(BigInt(minuteMs) * 1_000_000n);

const seriesCells = ({ tenant, route, variant, model, measure, prompt }: MeasuredSeries): Row => [
  tenant,
  route,
  variant,
  model,
  measure,
  prompt,
];

const sampleCells = (found: {
  readonly reference: string;
  readonly logEvidence: number;
  readonly current: Sample;
  readonly baseline: Sample;
  readonly says: string;
}): Row => [
  found.reference,
  found.logEvidence,
  countCell(found.current.n),
  found.current.mean,
  countCell(found.baseline.n),
  found.baseline.mean,
  found.says,
];
