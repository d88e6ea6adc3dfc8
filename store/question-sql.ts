import { shadowLabel } from "../core/shadow.ts";
import { gamma } from "./catalogue-rollup.ts";

/** Stands in a question's SQL where conditions on the dimensions go; as it stands it is true. */
export const whereSlot = "1 /* where */";

const inRange = `r.minute >= toStartOfMinute({from:DateTime64(3)}) AND r.minute < {to:DateTime64(3)} AND ${whereSlot}`;

/** The rows of a table by minute in the range of a question. */
export const rangeOf = (table: string): string => `FROM ${table} AS r
WHERE ${inRange}`;

/** The rows of the rollup of calls in the range of a question. */
export const rollupRange = rangeOf("calls_1m");

/** Start of the time bucket of a row; a minute is the finest there is. */
export const bucket = "toStartOfInterval(r.minute, toIntervalSecond({step:UInt32})) AS time";

/** Whether rows of the rollup of calls had callers: what becomes of a shadow is nobody's trouble. */
export const hadCaller = `r.kind != '${shadowLabel}'`;

/** Calls that had a caller and ended in an error: neither an answer, nor ended by the caller or a policy. */
export const errorSum = `sumIf(r.calls, ${hadCaller} AND r.outcome NOT IN ('ok', 'cache_hit', 'client_abort', 'blocked', 'over_budget'))`;

/** Share of the calls that had a caller that ended in an error, from 0 to 1; NULL without any. */
export const errorRatio = `if(sumIf(r.calls, ${hadCaller}) > 0, ${errorSum} / sumIf(r.calls, ${hadCaller}), NULL)`;

const levels = { p50_ms: 0.5, p95_ms: 0.95, p99_ms: 0.99 } as const;

/**
 * Quantiles of the histogram in `keys` (bins, ascending) and `counts`: the point of a bin that is nearest to all of it in
 * relative terms, 2 gamma^i / (gamma + 1), so off by at most 1%; NULL of an empty histogram. Masson, Rim and Lee, DDSketch,
 * VLDB 2019, lemma 2.
 */
export const quantiles = (...names: readonly (keyof typeof levels)[]): string =>
  names.map((name) => `${quantile(levels[name])} AS ${name}`).join(", ");

/** The columns `keys` and `counts` of a histogram, from the map of its bins. */
export const histogramOf = (bins: string): string =>
  `arraySort(mapKeys(${bins})) AS keys, arrayMap(bin -> ${bins}[bin], keys) AS counts`;

/** The quantile of a level from 0 to 1 of the histogram in `keys` and `counts`, as `quantiles` has it. */
export const quantile = (level: number): string => {
  const rank = `greatest(${level} * arraySum(counts), 1)`;
  const bin = `keys[arrayFirstIndex(below -> below >= ${rank}, arrayCumSum(counts))]`;
  return `if(arraySum(counts) > 0, round(2 * pow(${gamma}, ${bin}) / (${gamma} + 1), 6), NULL)`;
};
