import { z } from "zod";
import type { Call } from "../../core/call.ts";
import type { EmbeddingSum } from "../../core/embedding-sum.ts";
import type { AnswerRow, Batch, Store } from "../../store/store.ts";

/** What some calls add up to, as decimal text. */
export type Sums = Readonly<Record<"calls" | "input" | "output" | "cost" | "unpriced" | "ttft" | "durations", string>>;

/** The sums of a list of calls, each call counted once. */
export const ledgerOf = (calls: readonly Call[]): Sums => {
  const distinct = [...new Map(calls.map((call) => [`${call.source.offset}:${call.source.index}`, call])).values()];
  const add = (of: (call: Call) => bigint | number | null): string =>
    String(distinct.reduce((total, call) => total + BigInt(of(call) ?? 0), 0n));
  return {
    calls: String(distinct.length),
    input: add((call) => call.usage.inputTokens),
    output: add((call) => call.usage.outputTokens),
    cost: add((call) => call.costNanos),
    unpriced: add((call) => (call.costNanos === null ? 1 : 0)),
    ttft: add((call) => (call.ttftMs === null ? 0 : 1)),
    durations: String(distinct.length),
  };
};

/** The sums that the table holds. */
export const sumsOfCalls = (store: Store): Promise<AnswerRow | undefined> =>
  one(
    store,
    `SELECT count() AS calls, sum(ifNull(input_tokens, 0)) AS input, sum(ifNull(output_tokens, 0)) AS output,
  sum(ifNull(cost_nanos, 0)) AS cost, countIf(isNull(cost_nanos)) AS unpriced, countIf(isNotNull(ttft_ms)) AS ttft,
  count() AS durations
FROM calls`,
  );

/** The sums that the rollup holds; of its histograms, the numbers of values. */
export const sumsOfRollup = (store: Store): Promise<AnswerRow | undefined> =>
  one(
    store,
    `SELECT sum(calls_1m.calls) AS calls, sum(input_tokens) AS input, sum(output_tokens) AS output,
  sum(cost_nanos) AS cost, sum(unpriced_calls) AS unpriced, sum(arraySum(mapValues(ttft_ms_bins))) AS ttft,
  sum(arraySum(mapValues(duration_ms_bins))) AS durations
FROM calls_1m`,
  );

/** Every value that the rollup of measures holds, and every one that the calls hold: by series, how many and what they add up to. */
export const sumsOfMeasures = async (
  store: Store,
): Promise<Readonly<Record<"calls" | "byMinute", readonly AnswerRow[]>>> => {
  const series = "tenant, source_partition, route, variant, model, measure";
  const byMinute = `SELECT ${series}, sum(r.n) AS n, sum(r.sum_milli) AS sum_milli, arraySum(mapValues(sumMap(r.bins))) AS counted
FROM measures_1m AS r GROUP BY ${series} HAVING n != 0 ORDER BY ${series}`;
  return {
    calls: await store.query(
      `SELECT tenant, source_partition, route, variant, coalesce(model_served, model_requested, 'unknown') AS model, measure,
  toInt64(count()) AS n, sum(toInt64(round(value * 1000))) AS sum_milli, toInt64(count()) AS counted
FROM calls ARRAY JOIN mapKeys(measures) AS measure, mapValues(measures) AS value
GROUP BY ${series} ORDER BY ${series}`,
    ),
    byMinute: await store.query(byMinute),
  };
};

/** What the embeddings of batches add up to: their own sums, those that the table holds, and those that its rollup holds. */
export const sumsOfEmbeddings = async (
  store: Store,
  batches: readonly Batch[],
): Promise<Readonly<Record<"sent" | "table" | "byMinute", unknown>>> => {
  const sent = batches.flatMap(({ embeddings }) => embeddings);
  const places = sent[0]?.sums.length ?? 0;
  const total = (of: (sum: EmbeddingSum) => number): number => sent.reduce((sum, one) => sum + of(one), 0);
  const rows = async (sql: string): Promise<unknown> =>
    (await store.query(sql)).map(({ n, squares, sums }) => [Number(n), Number(squares), numbers.parse(sums)]);
  const ofMap = Array.from({ length: places }, (_, place) => `sumMap(r.sums)[${place}]`).join(", ");
  return {
    sent: [
      [
        total(({ n }) => n),
        total(({ squares }) => squares),
        Array.from({ length: places }, (_, place) => total(({ sums }) => sums[place] ?? 0)),
      ],
    ],
    table: await rows("SELECT sum(n) AS n, sum(squares) AS squares, sumForEach(sums) AS sums FROM embedding_sums"),
    byMinute: await rows(`SELECT sum(r.n) AS n, sum(r.squares) AS squares, [${ofMap}] AS sums FROM embeddings_1m AS r`),
  };
};

const numbers = z.array(z.coerce.number());

/** Rows of each table that batches fill. */
export const rowCounts = async (store: Store): Promise<AnswerRow | undefined> =>
  one(
    store,
    `SELECT (SELECT count() FROM calls) AS calls, (SELECT count() FROM attempts) AS attempts,
  (SELECT count() FROM contents) AS contents, (SELECT count() FROM otel_traces) AS spans,
  (SELECT uniqExact(TraceId) FROM otel_traces_trace_id_ts) AS traces`,
  );

const one = async (store: Store, sql: string): Promise<AnswerRow | undefined> => (await store.query(sql))[0];
