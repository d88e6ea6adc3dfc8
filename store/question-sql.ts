import { gamma } from "./catalogue-rollup.ts";

/** Stands in a question's SQL where conditions on the dimensions go; as it stands it is true. */
export const whereSlot = "1 /* where */";

const inRange = `r.minute >= toStartOfMinute({from:DateTime64(3)}) AND r.minute < {to:DateTime64(3)} AND ${whereSlot}`;

/** The rows of the rollup in the range of a question. */
export const rollupRange = `FROM calls_1m AS r
WHERE ${inRange}`;

/** The calls in the range of a question. */
export const sourceRange = `FROM calls AS r
WHERE ${inRange}`;

/** Start of the time bucket of a row; a minute is the finest there is. */
export const bucket = "toStartOfInterval(r.minute, toIntervalSecond({step:UInt32})) AS time";

/** Calls that ended in an error: neither an answer, nor ended by the caller or a policy. */
export const errorSum = "sumIf(r.calls, r.outcome NOT IN ('ok', 'cache_hit', 'client_abort', 'blocked'))";

/** Share of calls that ended in an error, from 0 to 1; NULL without calls. */
export const errorRatio = `if(sum(r.calls) > 0, ${errorSum} / sum(r.calls), NULL)`;

const levels = { p50_ms: 0.5, p95_ms: 0.95, p99_ms: 0.99 } as const;

/**
 * Quantiles of the histogram in `keys` (bins, ascending) and `counts`: the point of a bin that is nearest to all of it in
 * relative terms, 2 gamma^i / (gamma + 1), so off by at most 1%; NULL of an empty histogram. Masson, Rim and Lee, DDSketch,
 * VLDB 2019, lemma 2.
 */
export const quantiles = (...names: readonly (keyof typeof levels)[]): string =>
  names.map((name) => `${quantile(levels[name])} AS ${name}`).join(", ");

const quantile = (level: number): string => {
  const rank = `greatest(${level} * arraySum(counts), 1)`;
  const bin = `keys[arrayFirstIndex(below -> below >= ${rank}, arrayCumSum(counts))]`;
  return `if(arraySum(counts) > 0, round(2 * pow(${gamma}, ${bin}) / (${gamma} + 1), 6), NULL)`;
};
