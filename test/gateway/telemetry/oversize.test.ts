import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { systemClock } from "../../../core/clock.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import { topics } from "../../../core/topics.ts";
import type { CallEnd } from "../../../gateway/call-recorder.ts";
import { processorsConfig } from "../../../processors/config.ts";
import { startProcessors } from "../../../processors/processors.ts";
import type { Engine, OpenedStore } from "../../store/open-engine.ts";
import { makeEngine } from "../../store/open-engine.ts";
import { bareAttempt, bareAttemptEnd, bareEnd, bareStart } from "./calls.ts";
import { openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

let engine: Engine;
let opened: OpenedStore;
let databases = 0;

beforeAll(async () => {
  engine = await makeEngine();
});
afterAll(async () => {
  await engine.remove();
});
beforeEach(async () => {
  databases += 1;
  opened = await engine.open(`oversize_${databases}`);
  await opened.store.migrate();
});
afterEach(async () => {
  await opened.close();
});

/** What Apache Kafka takes unless it is told otherwise. */
const kafkaBytes = 1_000_000;

/** GPT-4 costs 30,000 and 60,000 nano-dollars a token. */
const usage = { ...bareEnd.usage, inputTokens: 15, outputTokens: 2, source: "provider" } as const;
const nanos = String(15 * 30_000 + 2 * 60_000);

const messages = (role: string, bytes: number): string =>
  JSON.stringify([
    { role: "system", parts: [{ type: "text", content: "Be brief." }] },
    { role, parts: [{ type: "text", content: "ä\n".repeat(Math.floor(bytes / 4)) }] },
  ]);

/** A call whose messages take about so many bytes, half of them in the question and half in the answer. */
const endOf = (bytes: number): CallEnd => ({
  ...bareEnd,
  usage,
  contentPolicy: "full",
  inputMessages: messages("user", bytes / 2),
  outputMessages: messages("assistant", bytes / 2),
});

const rowShape = z.object({
  id: z.string(),
  input_tokens: z.string().nullable(),
  cost_nanos: z.string().nullable(),
  attempts: z.string(),
  input: z.string().nullable(),
  output: z.string().nullable(),
  cut: z.coerce.number(),
});

/** Records calls in a gateway of their own, and resolves with their rows and the lengths of their bus records. */
const store = async (ends: readonly CallEnd[], args: { readonly model?: string; readonly busBytes?: number } = {}) => {
  const { model = "gpt-4", busBytes = kafkaBytes } = args;
  const bus = openTestBus({ maxRecordBytes: busBytes });
  const { recorder, flush } = await openTelemetry({ dir: tempFolder(), bus, clock: systemClock, gatewayId: "g" });
  const ids = ends.map((end) => {
    const call = recorder.start({ ...bareStart, provider: "openai", modelRequested: model });
    call.startAttempt({ ...bareAttempt, model }).end(bareAttemptEnd);
    call.end(end);
    return call.callId;
  });
  await flush();
  const processors = startProcessors({
    bus,
    store: opened.store,
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: processorsConfig.parse({ lingerMs: 10 }),
    version: "test",
  });
  await untilStored(ids.length);
  await processors.stop();
  const rows = await rowsOfCalls();
  expect(bus.recordsOf(topics.deadLetters)).toEqual([]);
  expect(rows.map(({ id }) => id)).toEqual(ids);
  return { rows, sizes: bus.recordsOf(topics.spans).map(({ value }) => value.length) };
};

const untilStored = async (calls: number): Promise<void> => {
  const stored = async (): Promise<number> =>
    Number((await opened.store.query("SELECT count() AS n FROM calls"))[0]?.["n"]);
  while ((await stored()) < calls) {
    await new Promise(setImmediate);
  }
};

const rowsOfCalls = async (): Promise<readonly z.infer<typeof rowShape>[]> =>
  z.array(rowShape).parse(
    await opened.store.query(
      `SELECT c.call_id AS id, c.input_tokens AS input_tokens, c.cost_nanos AS cost_nanos, toString(a.n) AS attempts,
  t.input_messages AS input, t.output_messages AS output, toString(t.cut_bytes) AS cut
FROM calls AS c
LEFT JOIN contents AS t ON t.call_id = c.call_id
LEFT JOIN (SELECT call_id, count() AS n FROM attempts GROUP BY call_id) AS a ON a.call_id = c.call_id
ORDER BY c.gateway_seq`,
    ),
  );

const textBytes = (json: string | null): number =>
  z
    .array(z.object({ parts: z.array(z.record(z.string(), z.string())) }))
    .parse(JSON.parse(json ?? "[]"))
    .flatMap(({ parts }) => parts.flatMap((part) => Object.values(part)))
    .flatMap((text) => text.split(/\[CUT \d+ bytes\]/))
    .reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);

describe("a call whose record would have", () => {
  it.each([
    { size: "0.9 MB", bytes: 898_000, isWhole: true },
    { size: "1.0 MB", bytes: 998_000, isWhole: false },
    { size: "1.1 MB", bytes: 1_098_000, isWhole: false },
    { size: "20 MB", bytes: 20_000_000, isWhole: false },
  ])(
    "$size is stored with its numbers, its cost, and text that adds up with what was cut",
    async ({ bytes, isWhole }) => {
      const end = endOf(bytes);
      const { rows, sizes } = await store([bareEnd, end, bareEnd]);
      const [, row] = rows;
      expect(row).toMatchObject({ input_tokens: "15", cost_nanos: nanos, attempts: "1" });
      expect((row?.cut ?? 0) === 0).toBe(isWhole);
      expect(textBytes(row?.input ?? null) + textBytes(row?.output ?? null) + (row?.cut ?? 0)).toBe(
        textBytes(end.inputMessages) + textBytes(end.outputMessages),
      );
      expect(row?.input?.startsWith('[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},')).toBe(true);
      expect(Math.max(...sizes)).toBeGreaterThan(895_000);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(950_000);
    },
  );
});

describe("a call that the bus refuses although it fits the spool's limit", () => {
  it("is stored with its numbers and as much text as the bus takes", async () => {
    const end = endOf(800_000);
    const { rows, sizes } = await store([bareEnd, end, bareEnd], { busBytes: 100_000 });
    const [, row] = rows;
    expect(row).toMatchObject({ input_tokens: "15", cost_nanos: nanos, attempts: "1" });
    expect(textBytes(row?.input ?? null) + textBytes(row?.output ?? null) + (row?.cut ?? 0)).toBe(
      textBytes(end.inputMessages) + textBytes(end.outputMessages),
    );
    expect(Math.max(...sizes)).toBeGreaterThan(45_000);
  });
});

describe("a call that is too long without its text", () => {
  it("is stored with its numbers; the longest names are dropped", async () => {
    const { rows } = await store([endOf(1_000)], { model: "m".repeat(3_000_000) });
    expect(rows).toMatchObject([{ input_tokens: "15", attempts: "1", input: null, output: null }]);
    const dropped = "SpanAttributes['plumbline.attributes.dropped']";
    expect(await opened.store.query(`SELECT DISTINCT ${dropped} AS names FROM otel_traces`)).toEqual([
      { names: "gen_ai.request.model" },
    ]);
  });
});
