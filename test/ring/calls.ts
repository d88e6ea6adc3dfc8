import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import type { Ring } from "./ring.ts";

/** One recorded call of our own making, as the lines of a recording have it. */
const recordedLine = (index: number): object => ({
  query: `Question number ${index}: how many?`,
  answer: index % 2 === 0 ? `${index} of them, no more and no less.` : "Yes.",
  model: ["gpt-4-0613", "gpt-4-0314", "gpt-3.5-turbo-0613", "gpt-3.5-turbo-0301"][index % 4],
  latency_s: (index % 10) / 100,
  input_tokens: 10 + (index % 7),
  output_tokens: 1 + (index % 90),
});

/** Writes a recording of `count` calls into the ring's folder; returns its path. */
export const writeRecording = (ring: Ring, count: number): string => {
  const file = join(ring.dir, "recording.jsonl.gz");
  const lines = Array.from({ length: count }, (_, index) => JSON.stringify(recordedLine(index)));
  writeFileSync(file, gzipSync(lines.join("\n")));
  return file;
};

const ledgerShape = z.object({
  sent: z.int(),
  answered: z.int(),
  failed: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
});

/** The replay's ledger, as `--json` prints it. */
export type ReplayLedger = z.infer<typeof ledgerShape>;

/** Parses what `plumbline replay --json` printed. */
export const parseLedger = (text: string): ReplayLedger => ledgerShape.parse(JSON.parse(text));

const totalsShape = z.object({
  rows: z.tuple([
    z.object({
      calls: z.int(),
      input_tokens: z.int(),
      output_tokens: z.int(),
      cost_nanos: z.int(),
      unpriced_calls: z.int(),
    }),
  ]),
});

/** What `plumbline ask totals --json` answers. */
export type Totals = z.infer<typeof totalsShape>["rows"][0];

/** Asks for the totals by the command line, as an operator would. */
export const askTotals = async (ring: Ring): Promise<Totals> => {
  const { code, out, err } = await ring.run("ask", "totals", "--json");
  if (code !== 0) {
    throw new Error(`ask ended with ${String(code)}: ${err}`);
  }
  return totalsShape.parse(JSON.parse(out)).rows[0];
};

/** What the tables say of themselves: rows, distinct calls, sums, and the same sums of the rollup. */
export const countsOf = async (ring: Ring): Promise<Readonly<Record<string, string>>> => {
  const sql = `SELECT c.rows AS rows, c.calls AS calls, c.tokens AS tokens, c.nanos AS nanos,
  r.calls AS rollup_calls, r.tokens AS rollup_tokens, r.nanos AS rollup_nanos, a.attempts AS attempts, s.spans AS spans
FROM (SELECT count() AS rows, uniqExact(call_id) AS calls, sum(input_tokens) + sum(output_tokens) AS tokens, sum(cost_nanos) AS nanos FROM calls) AS c,
  (SELECT sum(r.calls) AS calls, sum(r.input_tokens) + sum(r.output_tokens) AS tokens, sum(r.cost_nanos) AS nanos FROM calls_1m AS r) AS r,
  (SELECT uniqExact(attempt_id) AS attempts FROM attempts) AS a,
  (SELECT count() AS spans FROM otel_traces) AS s
FORMAT JSONStringsEachRow`;
  const row: unknown = JSON.parse(await runSql(ring, sql));
  return z.record(z.string(), z.string()).parse(row);
};

/** Runs read-only SQL over the ring's HTTP endpoint. */
export const runSql = async (ring: Ring, sql: string): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${ring.ports.sql}/`, { method: "POST", body: sql });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(text);
  }
  return text.trim();
};

/** Asks again until `isDone` holds of what was asked, for two minutes at most. */
export const until = async <T>(ask: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> => {
  const deadlineMs = performance.now() + 120_000;
  for (;;) {
    const value = await ask();
    if (isDone(value)) {
      return value;
    }
    if (performance.now() > deadlineMs) {
      throw new Error(`it did not come about in two minutes; the last was ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
