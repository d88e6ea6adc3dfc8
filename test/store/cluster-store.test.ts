import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { baseTableNames } from "../../store/catalogue.ts";
import type { Store } from "../../store/store.ts";
import { batchFrom, inPartition } from "./batches.ts";
import { clusterStatements, withoutKeeper } from "./cluster-statements.ts";
import type { Door, DoorRequest, Passage } from "./door.ts";
import { openDoor } from "./door.ts";
import { ledgerOf } from "./ledger.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";
import type { Owner } from "./open-over-http.ts";
import { openOverHttp, openServerOf } from "./open-over-http.ts";

const engine = await makeEngine();
let owner: Owner;
/** Four doors to one engine: two replicas of each of two shards. */
let doors: readonly Door[] = [];
let seen: { readonly door: number; readonly request: DoorRequest }[] = [];
let store: Store;
let server: OpenedStore;
let databases = 0;

/** Long enough for a busy machine, and short enough to wait for where an answer never comes. */
const limitSeconds = 3;

beforeAll(async () => {
  owner = await openOverHttp(engine);
  doors = await Promise.all([0, 1, 2, 3].map(() => openDoor(() => owner.url)));
});

beforeEach(async () => {
  databases += 1;
  const database = `cluster_${databases}`;
  server = await owner.open(database);
  for (const statement of clusterStatements({ cluster: "plumbline", database })) {
    if (!statement.includes("Distributed(")) await server.command(withoutKeeper(statement));
  }
  const [a = "", b = "", c = "", d = ""] = doors.map((door) => door.url);
  const shards = [
    [a, b],
    [c, d],
  ];
  store = openServerOf({
    url: a,
    database,
    requestSeconds: limitSeconds,
    cluster: { name: "plumbline", shards, quorum: "majority" },
  });
  seen = [];
  passAll();
  return async () => {
    await store.close();
    await server.close();
  };
});

afterAll(async () => {
  for (const door of doors) await door.close();
  await owner.close();
  await engine.remove();
});

/** Lets requests through, noting them; `passages` are those of doors that do not. */
const passAll = (passages: Readonly<Record<number, Passage>> = {}): void => {
  for (const [index, door] of doors.entries()) {
    door.set((request) => {
      seen.push({ door: index, request });
      return passages[index] ?? "pass";
    });
  }
};

const batch = batchFrom(0, 10);

/** Doors that inserts of a table went through, in order. */
const doorsOf = (table: string): readonly number[] =>
  seen.filter(({ request }) => request.sql.startsWith(`INSERT INTO ${table}_local `)).map(({ door }) => door);

const sums = (): Promise<readonly unknown[]> =>
  server.store.query(
    "SELECT (SELECT count() FROM calls_local) AS calls, (SELECT sum(r.calls) FROM calls_1m_local AS r) AS counted, (SELECT sum(r.cost_nanos) FROM calls_1m_local AS r) AS cost, (SELECT count() FROM attempts_local) AS attempts",
  );

const wholeOf = (calls: typeof batch.calls): readonly unknown[] => {
  const ledger = ledgerOf(calls);
  return [{ calls: ledger.calls, counted: ledger.calls, cost: ledger.cost, attempts: ledger.calls }];
};

it("puts the rows of a partition on one shard, under a quorum", async () => {
  await store.append(batch, { delivery: "first" });
  await store.append(inPartition(batchFrom(10, 10), 1), { delivery: "first" });
  for (const table of baseTableNames) {
    expect(doorsOf(table)).toEqual([0, 2]);
  }
  expect(seen[0]?.request.sql).toContain(
    "insert_quorum = 'auto', insert_quorum_parallel = 1, insert_quorum_timeout = 1500,",
  );
  expect(await sums()).toEqual(wholeOf([...batch.calls, ...batchFrom(10, 10).calls]));
});

it.each<{ readonly passage: Passage; readonly does: string }>([
  { passage: "refuse", does: "is away" },
  { passage: "no answer", does: "stores rows and does not answer" },
])("gives another replica of the shard the same insert when one $does, and counts it once", async ({ passage }) => {
  passAll({ 0: passage });
  await store.append(batch, { delivery: "first" });
  expect(doorsOf("calls")).toEqual([0, 1]);
  const [tried, retried] = seen.filter(({ request }) => request.sql.startsWith("INSERT INTO calls_local "));
  expect(retried?.request.sql).toBe(tried?.request.sql);
  expect(await sums()).toEqual(wholeOf(batch.calls));
});

it("is unavailable when no replica of a shard answers, and leaves the other shards alone", async () => {
  passAll({ 0: "refuse", 1: "refuse" });
  await expect(store.append(batch, { delivery: "first" })).rejects.toMatchObject({ code: "store.unavailable" });
  expect(seen.every(({ door }) => door < 2)).toBe(true);
  await store.append(inPartition(batch, 1), { delivery: "first" });
});

it("repeats by the same inserts and nothing else, which fill what a rollup lacks and change nothing more", async () => {
  await store.append(batch, { delivery: "first" });
  const first = seen.map(({ request }) => request.sql).toSorted();
  seen = [];
  await server.command("TRUNCATE TABLE calls_1m_local");
  await store.append(batch, { delivery: "repeated" });
  expect(seen.map(({ request }) => request.sql).toSorted()).toEqual(first);
  expect(await sums()).toEqual(wholeOf(batch.calls));
});

it("looks on every replica for the rows of a dead letter that is sent again", async () => {
  await expect(store.append(batch, { delivery: "redriven" })).rejects.toMatchObject({ code: "store.unavailable" });
  expect(seen[0]?.request.body.toString()).toContain(
    `FROM clusterAllReplicas('plumbline', 'cluster_${databases}', 'calls_local')`,
  );
});
