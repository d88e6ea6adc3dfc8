import { genAi, plumbline } from "../../core/attributes.ts";
import type { CustomPrice } from "../../processors/config.ts";
import type { Store } from "../../store/store.ts";
import { otlpBytes } from "./otlp-bytes.ts";

/** 1,000 nano-dollars an input token and 3,000 an output token. */
export const unitPrice: CustomPrice = { provider: "openai", model: "unit", inputPerMillion: 1, outputPerMillion: 3 };

/** A call of a test; its tokens follow from its number, so that two calls seldom add up to the same. */
export interface SentCall {
  readonly number: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The call of a number, from 1. */
export const sentCall = (number: number): SentCall => ({
  number,
  inputTokens: 7 + number * 13,
  outputTokens: 3 + number * number,
});

const dayNs = BigInt(Date.UTC(2026, 0, 5)) * 1_000_000n;

/** The span of a call as a test span; each has a start of its own, minutes apart from others. */
export const spanOfCall = ({ number, inputTokens, outputTokens }: SentCall) => ({
  traceId: number.toString(16).padStart(32, "0"),
  spanId: number.toString(16).padStart(16, "0"),
  startNs: dayNs + BigInt(number % 7) * 60_000_000_000n,
  endNs: dayNs + BigInt(number % 7) * 60_000_000_000n + 5_000_000n,
  attributes: {
    [plumbline.span]: "call",
    [plumbline.tenant]: "ledger",
    [genAi.providerName]: "openai",
    [genAi.requestModel]: "unit",
    [genAi.inputTokens]: inputTokens,
    [genAi.outputTokens]: outputTokens,
    [genAi.inputMessages]: `"question ${number}"`,
  },
});

/** The bytes of a record that holds the calls of these numbers. */
export const recordOf = (...numbers: readonly number[]): Uint8Array =>
  otlpBytes(numbers.map((number) => spanOfCall(sentCall(number))));

/** What calls add up to, in every place where they are kept. */
export interface Sums {
  readonly calls: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly nanos: bigint;
}

/** Sums of the table and of its rollup, and the rows that come one to a call. */
export interface StoredSums {
  readonly table: Sums;
  readonly rollup: Sums;
  readonly spans: bigint;
  readonly contents: bigint;
}

/** What must be stored of the calls of these numbers, each counted once. */
export const exactly = (numbers: Iterable<number>): StoredSums => {
  const calls = [...new Set(numbers)].map(sentCall);
  const add = (of: (call: SentCall) => number): bigint => calls.reduce((sum, call) => sum + BigInt(of(call)), 0n);
  const sums = {
    calls: BigInt(calls.length),
    inputTokens: add((call) => call.inputTokens),
    outputTokens: add((call) => call.outputTokens),
    nanos: add((call) => call.inputTokens * 1_000 + call.outputTokens * 3_000),
  };
  return { table: sums, rollup: sums, spans: sums.calls, contents: sums.calls };
};

/** What is stored: of every tenant, or of one. */
export const storedSums = async (store: Store, tenant?: string): Promise<StoredSums> => {
  const one = async (sql: string): Promise<readonly bigint[]> =>
    Object.values((await store.query(sql))[0] ?? {}).map((value) => BigInt(String(value)));
  const only = (column: string): string => (tenant === undefined ? "" : `WHERE ${column} = '${tenant}'`);
  const sums = (calls: string, table: string): string =>
    `SELECT ${calls}, sum(ifNull(t.input_tokens, 0)), sum(ifNull(t.output_tokens, 0)), sum(ifNull(t.cost_nanos, 0))
FROM ${table} AS t ${only("t.tenant")}`;
  const [table, rollup, spans, contents] = await Promise.all([
    one(sums("count()", "calls")),
    one(sums("sum(t.calls)", "calls_1m")),
    one(`SELECT count() FROM otel_traces ${only(`SpanAttributes['${plumbline.tenant}']`)}`),
    one(`SELECT count() FROM contents ${only("tenant")}`),
  ]);
  return { table: named(table), rollup: named(rollup), spans: spans[0] ?? -1n, contents: contents[0] ?? -1n };
};

const named = ([calls = -1n, inputTokens = -1n, outputTokens = -1n, nanos = -1n]: readonly bigint[]): Sums => ({
  calls,
  inputTokens,
  outputTokens,
  nanos,
});
