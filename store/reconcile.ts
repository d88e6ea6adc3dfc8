import type { Call } from "../core/call.ts";
import { rollupDimensions, rollupSums } from "./catalogue-rollup.ts";
import { minuteCell } from "./cells.ts";
import type { SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";
import type { Batch } from "./store.ts";

/** Minutes compared in one statement. */
const minutesPerStatement = 500;

/**
 * Makes the rollup of the minutes of some calls equal to what `calls` holds, by inserting the exact difference. Needed after
 * a crash between a table and its view; no other append may run meanwhile, or its rows would be counted here and again by
 * the view. Minutes before `keptFromMs` are left alone.
 */
export const reconcileRollup = async (
  sql: SqlClient,
  { calls, keptFromMs }: { readonly calls: readonly Call[]; readonly keptFromMs: number },
): Promise<void> => {
  // Of older minutes calls may be gone already, and the rollup must not follow them.
  const minutes = [...new Set(calls.map((call) => minuteCell(call.startedAtNs)))].filter(
    (minute) => minute * 1000 >= keptFromMs,
  );
  const tenants = [...new Set(calls.map((call) => call.tenant))];
  for (let from = 0; from < minutes.length; from += minutesPerStatement) {
    await sql.command(differenceSql({ tenants, minutes: minutes.slice(from, from + minutesPerStatement) }));
  }
};

/** Adds the times of the batch's traces where none are stored; more than one row a trace does no harm. */
export const reconcileTraceTimes = async (sql: SqlClient, { topic, partition, start, end }: Batch): Promise<void> => {
  const ofRange = `source_topic = ${literal(topic)} AND source_partition = ${partition} AND source_offset >= ${start} AND source_offset < ${end}`;
  await sql.command(`INSERT INTO otel_traces_trace_id_ts (TraceId, Start, End)
SELECT t.TraceId, min(t.Timestamp), max(t.Timestamp)
FROM otel_traces AS t
WHERE ${ofRange} AND t.TraceId NOT IN (
  SELECT TraceId FROM otel_traces_trace_id_ts
  WHERE TraceId IN (SELECT TraceId FROM otel_traces WHERE ${ofRange})
)
GROUP BY t.TraceId
SETTINGS insert_deduplicate = 0`);
};

interface Scope {
  readonly tenants: readonly string[];
  readonly minutes: readonly number[];
}

const dimensionNames = rollupDimensions.map((dimension) => dimension.name);
const sumNames = rollupSums.map((sum) => sum.name);
const isHistogram = (name: string): boolean => name.endsWith("_bins");

/** What `calls` adds up to, less what the rollup holds, where the two differ. */
const differenceSql = (scope: Scope): string => {
  const filter = (alias: string): string =>
    `${alias}.tenant IN (${scope.tenants.map(literal).join(", ")}) AND ${alias}.minute IN (${scope.minutes.join(", ")})`;
  const truth = [...rollupDimensions, ...rollupSums].map(({ name, expression }) => `${expression} AS ${name}`);
  const held = [...dimensionNames.map((name) => `r.${name} AS ${name}`), ...sumNames.map(negated)];
  return `INSERT INTO calls_1m (${[...dimensionNames, ...sumNames].join(", ")})
SELECT ${[...dimensionNames.map((name) => `d.${name}`), ...sumNames.map(added)].join(", ")}
FROM (
  SELECT ${truth.join(", ")} FROM calls AS c WHERE ${filter("c")} GROUP BY ${dimensionNames.join(", ")}
  UNION ALL
  SELECT ${held.join(", ")} FROM calls_1m AS r WHERE ${filter("r")} GROUP BY ${dimensionNames.join(", ")}
) AS d
GROUP BY ${dimensionNames.map((name) => `d.${name}`).join(", ")}
HAVING ${sumNames.map(differs).join(" OR ")}
SETTINGS insert_deduplicate = 0`;
};

const negated = (name: string): string =>
  isHistogram(name)
    ? `mapApply((bin, count) -> (bin, -count), sumMap(r.${name})) AS ${name}`
    : `-sum(r.${name}) AS ${name}`;

const added = (name: string): string => (isHistogram(name) ? `sumMap(d.${name})` : `sum(d.${name})`);

const differs = (name: string): string =>
  isHistogram(name) ? `mapExists((bin, count) -> count != 0, sumMap(d.${name}))` : `sum(d.${name}) != 0`;
