import type { Conclusions, Evidence, Finding, MeasuredSeries, Sample } from "../core/evidence.ts";
import { evidenceTable, findingsTable } from "./catalogue-evidence.ts";
import { countCell, minuteCell } from "./cells.ts";
import { insertOnOneShard } from "./insert-on-one-shard.ts";
import type { Cell, Row } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";

/**
 * Saves what a detector concluded from a minute. The findings come first and the evidence says that they are there: whoever
 * concludes the same again after a crash inserts under the same tokens, which changes nothing.
 */
export const saveConclusions = async (sql: SqlClient, conclusions: Conclusions): Promise<void> => {
  const { detector, minuteMs, evidence, findings } = conclusions;
  const token = `${detector}:${minuteMs}`;
  await insertOnOneShard(sql, {
    table: findingsTable,
    token,
    rows: findings.map((each) => findingRow(detector, each)),
  });
  await insertOnOneShard(sql, {
    table: evidenceTable,
    token,
    rows: evidence.map((each) => evidenceRow(detector, each)),
  });
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
