import { afterAll, beforeEach, expect, it } from "vitest";
import { callsByMinute } from "../../store/catalogue-rollup.ts";
import { reconcileRollup } from "../../store/reconcile.ts";
import type { Store } from "../../store/store.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { batchFrom } from "./batches.ts";
import { ledgerOf, rowCounts, sumsOfCalls, sumsOfRollup } from "./ledger.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";

const engine = await makeEngine();
let opened: OpenedStore & { readonly clock: VirtualClock };
let databases = 0;

const batch = batchFrom(0, 6);

/** A database that holds nothing but, aside, the rows of the batch: what a writer that was cut off may still insert. */
beforeEach(async () => {
  databases += 1;
  opened = await engine.open(`under_way_${databases}`);
  const { store, command } = opened;
  await store.migrate();
  await store.append(batch, { delivery: "first" });
  await command("CREATE TABLE aside AS calls");
  await command("INSERT INTO aside SELECT * FROM calls");
  const rollups = ["calls_1m", "stored_1m", "measures_1m", "embedding_sums", "embeddings_1m"];
  for (const table of ["calls", "attempts", "contents", "otel_traces", "otel_traces_trace_id_ts", ...rollups]) {
    await command(`TRUNCATE TABLE ${table}`);
  }
  return () => opened.close();
});

afterAll(async () => {
  await engine.remove();
});

/** Runs a statement on a connection of its own that takes its time; resolves when it is under way. */
const beginSlowly = async (sql: string): Promise<{ readonly ended: Promise<void> }> => {
  const client = await engine.client(`under_way_${databases}`);
  const runAndClose = async (): Promise<void> => {
    await client.command(sql);
    await client.close();
  };
  const ended = runAndClose();
  while ((await running(opened.store)) === 0) {
    await new Promise(setImmediate);
  }
  return { ended };
};

const endByForce = async (ended: Promise<void>): Promise<void> => {
  await opened.command("KILL QUERY WHERE Settings['log_comment'] != ''");
  await expect(ended).rejects.toThrow("QUERY_WAS_CANCELLED");
};

const running = async (store: Store): Promise<number> => {
  const [row] = await store.query("SELECT countIf(Settings['log_comment'] != '') AS n FROM system.processes");
  return Number(row?.["n"]);
};

const slowInsert = (source: string, secondsARow = 0.1): string =>
  `INSERT INTO calls SELECT * FROM aside WHERE sleepEachRow(${secondsARow}) = 0
SETTINGS function_sleep_max_microseconds_per_block = 60000000, log_comment = 'plumbline ${source}:the insert of a writer that was cut off'`;

const expectWhole = async (): Promise<void> => {
  expect(await sumsOfCalls(opened.store)).toEqual(ledgerOf(batch.calls));
  expect(await sumsOfRollup(opened.store)).toEqual(ledgerOf(batch.calls));
  expect(await rowCounts(opened.store)).toMatchObject({ attempts: "6", contents: "6", spans: "6" });
};

it("waits for an insert that is under way under another token, and then inserts only what is missing", async () => {
  const { ended } = await beginSlowly(slowInsert("otlp_spans:0:"));
  await opened.clock.advanceUntil(opened.store.append(batch, { delivery: "redriven" }), 10);
  await ended;
  await expectWhole();
});

it("waits for an insert that is under way before it compares a rollup", async () => {
  await opened.store.append(batch, { delivery: "first" });
  const { ended } = await beginSlowly(slowInsert("otlp_spans:0:"));
  await opened.clock.advanceUntil(opened.store.append(batch, { delivery: "repeated" }), 10);
  expect(await running(opened.store)).toBe(0);
  await ended;
});

it("does not wait for the statements of another partition", async () => {
  const { ended } = await beginSlowly(slowInsert("otlp_spans:10:", 2));
  await opened.store.append(batch, { delivery: "redriven" });
  expect(await running(opened.store)).toBe(1);
  await endByForce(ended);
});

it("is unavailable, not wrong, when a statement of its partition runs on and on", async () => {
  const { ended } = await beginSlowly(slowInsert("otlp_spans:0:", 9));
  const appended = opened.clock.advanceUntil(opened.store.append(batch, { delivery: "redriven" }), 60_000);
  await expect(appended).rejects.toMatchObject({ code: "store.unavailable", isRetryable: true });
  await endByForce(ended);
  expect(await sumsOfCalls(opened.store)).toMatchObject({ calls: "0" });
});

it("corrects nothing by a statement that comes too late", async () => {
  await opened.command("INSERT INTO calls SELECT * FROM aside SETTINGS log_comment = ''");
  await opened.command("TRUNCATE TABLE calls_1m");
  const client = await engine.client(`under_way_${databases}`);
  await reconcileRollup(client, callsByMinute, { batch, keptFrom: 0, untilSeconds: 1_700_000_000 });
  await client.close();
  expect(await sumsOfRollup(opened.store)).toMatchObject({ calls: "0" });
});
