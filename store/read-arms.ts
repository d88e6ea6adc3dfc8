import { z } from "zod";
import type { ArmTally, Bins } from "../core/arms.ts";
import { startLagMs } from "../core/arms.ts";
import { answerMeasures } from "../core/measures.ts";
import { binsOf } from "./catalogue-rollup.ts";
import { msCell } from "./cells.ts";
import type { TimeSpan } from "./read-measures.ts";
import type { SqlClient } from "./sql-client.ts";

const counts = z.record(z.string(), z.coerce.number());

const bins = counts.transform((record): Bins => new Map(Object.entries(record).map(([bin, n]) => [Number(bin), n])));

const armRow = z.object({
  route: z.string(),
  variant: z.string(),
  calls: z.coerce.number(),
  answers: z.coerce.number(),
  errors: z.coerce.number(),
  rate_limited: z.coerce.number(),
  fallbacks: z.coerce.number(),
  started: z.coerce.number(),
  measured: z.coerce.number(),
  refusals: z.coerce.number(),
  malformed: z.coerce.number(),
  ttft_ms: bins,
  duration_ms: bins,
  output_tokens: bins,
  answer_cost_nanos: bins,
  other_cost_nanos: bins,
});

const isAnswer = "c.outcome IN ('ok', 'cache_hit')";

const measure = (name: keyof typeof answerMeasures, value = ""): string =>
  `'answer_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}@${answerMeasures[name].version}${value}'`;

const isYes = (key: string): string => `c.measures[${key}] > 0`;

const isNo = (key: string): string => `(mapContains(c.measures, ${key}) AND c.measures[${key}] = 0)`;

const isMalformed = [
  isYes(measure("empty")),
  isYes(measure("jsonForm", "=broken")),
  isNo(measure("schemaValid")),
  isNo(measure("codeParses")),
].join(" OR ");

/** Calls that take longer than this are not found by when they were stored: a bound on what must be looked through. */
const longestCallSeconds = 86_400;

const wasStored = `c.ingested_at >= toDateTime64({from:String}, 3, 'UTC') AND c.ingested_at < toDateTime64({to:String}, 3, 'UTC')
    AND c.minute >= toDateTime({earliest:UInt32})`;

const didStart = `c.started_at >= toDateTime64({start:String}, 3, 'UTC') AND c.started_at < toDateTime64({until:String}, 3, 'UTC')
    AND c.minute >= toStartOfMinute(toDateTime64({start:String}, 3, 'UTC')) AND c.minute < toDateTime64({until:String}, 3, 'UTC')`;

const storedArms = `SELECT c.route AS route, c.variant AS variant, count() AS calls,
    countIf(${isAnswer}) AS answers,
    countIf(c.outcome IN ('provider_error', 'upstream_cut', 'stalled', 'timeout')) AS errors,
    countIf(c.outcome = 'rate_limited') AS rate_limited,
    countIf(c.is_fallback) AS fallbacks,
    countIf(mapContains(c.measures, ${measure("refusalScore")})) AS measured,
    countIf(${isYes(measure("refusalClass", "=full"))}) AS refusals,
    countIf(${isMalformed}) AS malformed,
    ${binsOf("c.ttft_ms")} AS ttft_ms,
    ${binsOf("c.duration_ms", isAnswer)} AS duration_ms,
    ${binsOf("c.output_tokens", isAnswer)} AS output_tokens,
    ${binsOf("c.cost_nanos", isAnswer)} AS answer_cost_nanos,
    ${binsOf("c.cost_nanos", `NOT ${isAnswer}`)} AS other_cost_nanos
  FROM calls AS c
  WHERE ${wasStored}
  GROUP BY route, variant`;

const startedArms = `SELECT c.route AS route, c.variant AS variant, count() AS started
  FROM calls AS c
  WHERE ${didStart}
  GROUP BY route, variant`;

/**
 * What came of the calls whose rows were stored in a span of time, by route and target. A row counts when it was stored, since
 * a call is known only when it is over; rows that are inserted after the span was read are in no later span either.
 */
export const readArms = async (sql: SqlClient, { fromMs, toMs }: TimeSpan): Promise<readonly ArmTally[]> => {
  const rows = await sql.select(
    `SELECT *
FROM (
  ${storedArms}
) AS stored
FULL JOIN (
  ${startedArms}
) AS begun USING (route, variant)
ORDER BY route, variant`,
    {
      from: msCell(fromMs),
      to: msCell(toMs),
      earliest: String(Math.max(0, Math.floor(fromMs / 1000) - longestCallSeconds)),
      start: msCell(fromMs - startLagMs),
      until: msCell(toMs - startLagMs),
    },
  );
  return rows.map((row) => tallyOf(armRow.parse(row)));
};

const tallyOf = (row: z.infer<typeof armRow>): ArmTally => ({
  route: row.route,
  variant: row.variant,
  calls: row.calls,
  answers: row.answers,
  errors: row.errors,
  rateLimited: row.rate_limited,
  fallbacks: row.fallbacks,
  started: row.started,
  measured: row.measured,
  refusals: row.refusals,
  malformed: row.malformed,
  ttftMs: row.ttft_ms,
  durationMs: row.duration_ms,
  outputTokens: row.output_tokens,
  answerCostNanos: row.answer_cost_nanos,
  otherCostNanos: row.other_cost_nanos,
});
