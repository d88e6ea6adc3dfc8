import { shadowLabel } from "../core/shadow.ts";
import type { Column, Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";
import { embeddingsByMinute } from "./catalogue-embeddings.ts";
import { dimension, histogramType, sourceDimensions, sum } from "./rollup-columns.ts";
import { strataDoc, stratumOfCall, valuesByStratum } from "./strata-sql.ts";

/** Bins of a histogram are powers of this: a quantile read from them is off by at most (gamma - 1) / (gamma + 1), below 1%. */
export const gamma = 1.02;

/** Bin of values that have no logarithm: zero. */
const zeroBin = -32_768;

/** What the rows of a rollup are told apart by. */
export interface RollupDimension extends Column {
  /** Value of a row of the base table as `c`; what it is must not depend on when it is computed. */
  readonly expression: string;
}

/** A sum of a rollup: the column, and how a group of rows of the base table adds up to it. */
export interface RollupSum extends Column {
  /** Aggregate over the base table as `c`; additive, so that sums of parts are sums of the whole. */
  readonly expression: string;
}

/** Sums of calls by minute and dimension, kept by a materialized view and made right again after a crash from this alone. */
export interface Rollup {
  /** Name of the table; its view has `_mv` behind it. */
  readonly table: string;
  readonly doc: string;
  /** The table whose rows it adds up; absent means `calls`. */
  readonly base?: "embedding_sums";
  /** In the order of the table's key. A `tenant` and a `minute` are among them: they find the rows that a batch touched. */
  readonly dimensions: readonly RollupDimension[];
  readonly sums: readonly RollupSum[];
  /** Condition on `calls AS c` that a call must meet to count; absent means that every call counts. */
  readonly filter?: string;
  /** Arrays of `calls AS c` of which each element is a row of its own, as `ARRAY JOIN` takes them; absent means one row a call. */
  readonly arrays?: string;
}

/**
 * Counts values by bin: bin i holds values above gamma^(i-1) up to gamma^i. Unknown values are in no bin. Values below
 * 1e-9 count as that, so that every bin fits its 16 bits.
 */
const histogram = (name: string, value: string, doc: string): RollupSum => ({
  name,
  type: histogramType,
  expression: binsOf(value),
  doc: `${doc} Keys are bins of powers of ${gamma}, values are numbers of calls.`,
});

/** Aggregate over `calls AS c` that counts values by bin; a further condition says which calls count. */
export const binsOf = (value: string, condition = ""): string =>
  `sumMapIf(map(${binOf(`toFloat64(ifNull(${value}, 0))`)}, toInt64(1)), isNotNull(${value})${condition === "" ? "" : ` AND ${condition}`})`;

const binOf = (value: string): string =>
  `if(${value} > 0, toInt16(ceil(log(greatest(${value}, 1e-9)) / log(${gamma}))), toInt16(${zeroBin}))`;

/** The rollup that questions about calls, errors, cost, tokens and times are answered from. */
export const callsByMinute: Rollup = {
  table: "calls_1m",
  doc: "Sums and histograms of calls by minute and dimension; exact to merge and to subtract.",
  dimensions: [
    dimension("tenant", "c.tenant", "Whose calls they are."),
    {
      ...column("minute", "DateTime('UTC')", "Start of the minute in which the calls started."),
      expression: "c.minute",
    },
    dimension("route", "c.route", "Route that was taken."),
    dimension("variant", "c.variant", "Target that was chosen."),
    dimension("provider", "c.provider", "GenAI provider name."),
    dimension(
      "model",
      "coalesce(c.model_served, c.model_requested, 'unknown')",
      "Model that answered, or was asked for where none did.",
    ),
    dimension("outcome", "c.outcome", "How the calls ended."),
    ...sourceDimensions,
    dimension(
      "kind",
      `if(c.route_reason = '${shadowLabel}', '${shadowLabel}', '')`,
      `\`${shadowLabel}\` of calls that were sent a second time to be looked at, empty of those that had a caller.`,
    ),
  ],
  sums: [
    sum("calls", "toInt64(count())", "Calls."),
    sum("streams", "toInt64(countIf(c.is_stream))", "Calls whose answer was streamed."),
    sum("attempts", "toInt64(sum(c.attempts))", "Attempts."),
    sum("fallbacks", "toInt64(countIf(c.is_fallback))", "Calls that another target than the first answered."),
    sum("input_tokens", "toInt64(sum(coalesce(c.input_tokens, 0)))", "Input tokens, cached ones included."),
    sum("output_tokens", "toInt64(sum(coalesce(c.output_tokens, 0)))", "Output tokens, reasoning included."),
    sum("cache_read_tokens", "toInt64(sum(coalesce(c.cache_read_tokens, 0)))", "Input tokens read from cache."),
    sum("cache_write_tokens", "toInt64(sum(coalesce(c.cache_write_tokens, 0)))", "Input tokens written to cache."),
    sum("reasoning_tokens", "toInt64(sum(coalesce(c.reasoning_tokens, 0)))", "Output tokens spent on reasoning."),
    sum("estimated_calls", "toInt64(countIf(c.usage_source = 'estimated'))", "Calls whose tokens are estimates."),
    sum("unmeasured_calls", "toInt64(countIf(c.usage_source = 'none'))", "Calls whose tokens are not known."),
    sum("cost_nanos", "toInt64(sum(coalesce(c.cost_nanos, 0)))", "Cost of the priced calls in nano-dollars."),
    sum("unpriced_calls", "toInt64(countIf(isNull(c.cost_nanos)))", "Calls without a price."),
    sum("waste_nanos", "toInt64(sum(coalesce(c.waste_nanos, 0)))", "Known cost of losing attempts in nano-dollars."),
    sum("duration_us", "sum(toInt64(round(c.duration_ms * 1000)))", "Sum of durations in microseconds."),
    histogram("ttft_ms_bins", "c.ttft_ms", "Times to first content delta in milliseconds."),
    histogram("duration_ms_bins", "c.duration_ms", "Durations in milliseconds."),
    histogram("input_tokens_bins", "c.input_tokens", "Input tokens of a call."),
    histogram("output_tokens_bins", "c.output_tokens", "Output tokens of a call."),
    histogram("cost_nanos_bins", "c.cost_nanos", "Costs of a call in nano-dollars."),
  ],
};

/** Milliseconds from the end of a call to its row; a row that is there before its end, by clocks that disagree, counts as 0. */
const storedAfterMs =
  "greatest(toUnixTimestamp64Milli(c.ingested_at) - toUnixTimestamp64Nano(c.started_at) / 1e6 - c.duration_ms, 0)";

/** The rollup that completeness and freshness are answered from. */
export const storedByMinute: Rollup = {
  table: "stored_1m",
  doc: "Calls that are stored, by minute and gateway, and how long their rows took.",
  dimensions: [
    dimension("tenant", "c.tenant", "Whose calls they are."),
    {
      ...column("minute", "DateTime('UTC')", "Start of the minute in which the calls started."),
      expression: "c.minute",
    },
    dimension("route", "c.route", "Route that was taken."),
    dimension(
      "gateway_id",
      "coalesce(c.gateway_id, '')",
      "Gateway process that finished the calls; empty for calls of other origin.",
    ),
    ...sourceDimensions,
  ],
  sums: [
    sum("calls", "toInt64(count())", "Calls."),
    histogram("stored_after_ms_bins", storedAfterMs, "Milliseconds from the end of a call to its row."),
  ],
};

/** Only two hex digits: where every prompt differs from every other, a minute has 256 of them rather than one for each call. */
const promptOf = `multiIf(
    c.feature = 'probe', 'probe',
    isNotNull(c.prompt_version), substring(concat(ifNull(c.prompt_name, ''), '@', ifNull(c.prompt_version, '')), 1, 64),
    substring(ifNull(c.system_prompt_hash, ''), 1, 2)
  )`;

/** The rollup that answers are compared by. */
export const measuresByMinute: Rollup = {
  table: "measures_1m",
  doc: "Values of each measure by minute and series; exact to merge and to subtract.",
  dimensions: [
    dimension("tenant", "c.tenant", "Whose calls they are."),
    {
      ...column("minute", "DateTime('UTC')", "Start of the minute in which the calls started."),
      expression: "c.minute",
    },
    dimension("route", "c.route", "Route that was taken."),
    dimension("variant", "c.variant", "Target that was chosen."),
    dimension("model", "coalesce(c.model_served, c.model_requested, 'unknown')", "Model that answered."),
    dimension("measure", "measure", "Name and version of the measure, of a category with its value."),
    ...sourceDimensions,
    dimension("prompt", promptOf, "Version of the prompt; `probe` for answers to probes, empty without one."),
  ],
  sums: [
    sum("n", "toInt64(count())", "Calls in which it was measured; of a category those that have the value."),
    sum("sum_milli", "sum(toInt64(round(value * 1000)))", "Sum of the values in thousandths."),
    histogram("bins", "value", "Values."),
    { name: "strata", type: histogramType, expression: valuesByStratum(binOf("value")), doc: strataDoc },
  ],
  arrays: `mapKeys(c.measures) AS measure, mapValues(c.measures) AS value, arrayWithConstant(length(c.measures), ${stratumOfCall}) AS stratum`,
};

/** Every rollup. A new one is an entry here and a migration that makes its table and view (`rollup-sql.ts`). */
export const rollups: readonly Rollup[] = [callsByMinute, storedByMinute, measuresByMinute, embeddingsByMinute];

/** The table of a rollup, as the catalogue lists it. */
export const rollupTable = ({ table, doc, dimensions, sums }: Rollup): Table => ({
  name: table,
  doc,
  columns: [...dimensions, ...sums],
});
