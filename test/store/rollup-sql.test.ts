import { afterAll, beforeAll, expect, it } from "vitest";
import type { Rollup } from "../../store/catalogue-rollup.ts";
import { callsByMinute } from "../../store/catalogue-rollup.ts";
import { reconcileRollup } from "../../store/reconcile.ts";
import { createRollup, dimensionOf } from "../../store/rollup-sql.ts";
import type { SqlClient } from "../../store/sql-client.ts";
import { batchFrom, batchOf } from "./batches.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";

const engine = await makeEngine();
let opened: OpenedStore;
let client: SqlClient;

beforeAll(async () => {
  opened = await engine.open("rollups");
  await opened.store.migrate();
  client = await engine.client("rollups");
});

afterAll(async () => {
  await client.close();
  await opened.close();
  await engine.remove();
});

/** Calls that a gateway counted, by the hour in which they ended. */
const counted: Rollup = {
  table: "counted",
  doc: "A rollup of this test.",
  dimensions: [
    ...callsByMinute.dimensions.filter(({ name }) => name === "tenant" || name.startsWith("source_")),
    { name: "minute", type: "DateTime('UTC')", doc: "", expression: "toStartOfHour(c.started_at + 600)" },
  ],
  sums: callsByMinute.sums.filter(({ name }) => ["calls", "cost_nanos", "ttft_ms_bins"].includes(name)),
  filter: "isNotNull(c.gateway_id) OR c.is_fallback",
};

it("makes, fills and repairs a rollup from its declaration alone", async () => {
  for (const statement of createRollup(counted)) {
    await client.command(statement);
    await client.command(statement);
  }
  const batch = batchOf([
    ...batchFrom(0, 4).calls,
    ...batchFrom(3_300, 3).calls,
    ...batchFrom(4_000, 2, { gatewayId: null }).calls,
  ]);
  const held =
    "SELECT minute, sum(r.calls) AS calls, sum(r.cost_nanos) AS cost, sumMap(r.ttft_ms_bins) AS bins FROM counted AS r GROUP BY minute ORDER BY minute";
  await opened.store.append(batch, { delivery: "first" });
  const whole = await opened.store.query(held);
  expect(whole).toMatchObject([
    { minute: "2026-01-05T00:00:00Z", calls: "4", cost: String(4 * 1_234_567) },
    { minute: "2026-01-05T01:00:00Z", calls: "3" },
  ]);
  for (const damage of ["TRUNCATE TABLE counted", "INSERT INTO counted SELECT * FROM counted"]) {
    await opened.command(damage);
    await reconcileRollup(client, counted, { batch, keptFrom: 0, untilSeconds: 4e9 });
    expect(await opened.store.query(held)).toEqual(whole);
  }
});

it("leaves minutes alone of which calls may be gone", async () => {
  const batch = batchFrom(10_000, 3);
  await opened.store.append(batch, { delivery: "first" });
  await opened.command("TRUNCATE TABLE calls_1m");
  const afterIt = Math.ceil(Number(batch.calls[0]?.startedAtNs) / 1e9) + 60;
  await reconcileRollup(client, callsByMinute, { batch, keptFrom: afterIt, untilSeconds: 4e9 });
  expect(await opened.store.query("SELECT count() AS n FROM calls_1m")).toEqual([{ n: "0" }]);
});

it("refuses a rollup without the dimensions that find its rows", () => {
  expect(() => dimensionOf({ ...counted, dimensions: [] }, "tenant")).toThrow("has no dimension tenant");
});
