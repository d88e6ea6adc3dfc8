import { z } from "zod";
import type { Ledger } from "./load.ts";
import { expectedOf } from "./load.ts";

/** What a look at the store found of one stretch. */
export interface Findings {
  /** Calls answered in full that are not stored. */
  readonly lost: number;
  /** Rows of calls that are stored more than once, less one each. */
  readonly double: number;
  /** Answered calls whose tokens or cost are not those of the ledger. */
  readonly wrong: number;
  /** Calls that are stored although their caller got no whole answer: it was killed with its gateway. */
  readonly unanswered: number;
}

/** Sums over everything stored: of the rows and of what was derived from them; every pair must be equal. */
export interface Sums {
  readonly rows: number;
  readonly rowNanos: string;
  readonly rollupCalls: number;
  readonly rollupNanos: string;
  readonly isEqual: boolean;
}

/** Asks the store by SQL and resolves with the text of the answer. */
export type RunSql = (sql: string) => Promise<string>;

/** Holds the rows of a stretch against its ledger, call by call. */
export const verifyStretch = async (runSql: RunSql, ledger: Ledger): Promise<Findings> => {
  const text = await runSql(`SELECT session_id, input_tokens, output_tokens, cost_nanos FROM calls
WHERE startsWith(session_id, '${ledger.prefix}') FORMAT TSV`);
  const seen = new Set<number>();
  let double = 0;
  let wrong = 0;
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [session = "", ...figures] = line.split("\t");
    const number = Number(session.slice(ledger.prefix.length));
    if (seen.has(number)) {
      double += 1;
    }
    seen.add(number);
    const { inputTokens, outputTokens, costNanos } = expectedOf(number);
    const isAsSent = figures.join(" ") === `${inputTokens} ${outputTokens} ${costNanos}`;
    if (ledger.answered.has(number) && !isAsSent) {
      wrong += 1;
    }
  }
  const lost = [...ledger.answered].filter((number) => !seen.has(number)).length;
  const unanswered = [...seen].filter((number) => !ledger.answered.has(number)).length;
  return { lost, double, wrong, unanswered };
};

const sumsShape = z.object({
  rows: z.coerce.number(),
  attempts: z.coerce.number(),
  spans: z.coerce.number(),
  tokens: z.string(),
  nanos: z.string(),
  rollup_calls: z.coerce.number(),
  rollup_tokens: z.string(),
  rollup_nanos: z.string(),
  bins: z.string(),
  stored: z.coerce.number(),
});

const sumsSql = `SELECT c.rows AS rows, c.tokens AS tokens, c.nanos AS nanos, a.attempts AS attempts, s.spans AS spans,
  r.calls AS rollup_calls, r.tokens AS rollup_tokens, r.nanos AS rollup_nanos, r.bins AS bins, m.stored AS stored
FROM (SELECT count() AS rows, sum(input_tokens) + sum(output_tokens) AS tokens, sum(cost_nanos) AS nanos FROM calls) AS c,
  (SELECT count() AS attempts FROM attempts) AS a,
  (SELECT count() AS spans FROM otel_traces) AS s,
  (SELECT sum(r.calls) AS calls, sum(r.input_tokens) + sum(r.output_tokens) AS tokens, sum(r.cost_nanos) AS nanos,
    arraySum(mapValues(sumMap(r.duration_ms_bins))) AS bins FROM calls_1m AS r) AS r,
  (SELECT sum(m.calls) AS stored FROM stored_1m AS m) AS m
FORMAT JSONStringsEachRow`;

/** Adds up every table and rollup. */
export const sumAll = async (runSql: RunSql): Promise<Sums> => {
  const sums = sumsShape.parse(JSON.parse(await runSql(sumsSql)));
  const isEqual =
    sums.rows === sums.rollup_calls &&
    sums.rows === Number(sums.bins) &&
    sums.rows === sums.stored &&
    sums.spans === sums.rows + sums.attempts &&
    sums.tokens === sums.rollup_tokens &&
    sums.nanos === sums.rollup_nanos;
  return {
    rows: sums.rows,
    rowNanos: sums.nanos,
    rollupCalls: sums.rollup_calls,
    rollupNanos: sums.rollup_nanos,
    isEqual,
  };
};
