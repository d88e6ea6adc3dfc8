import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Batch, Store } from "../../store/store.ts";
import { batchFrom, inPartition } from "./batches.ts";
import type { Door, Passage } from "./door.ts";
import { openDoor } from "./door.ts";
import { ledgerOf, rowCounts, sumsOfCalls, sumsOfRollup } from "./ledger.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";
import type { Owner } from "./open-over-http.ts";
import { openOverHttp, openServerOf } from "./open-over-http.ts";
import { patiently } from "./patiently.ts";

const engine = await makeEngine();
let owner: Owner;
let door: Door;
/** A store that goes through the door, and one of another process that goes straight to the server. */
let first: Store;
let second: OpenedStore;

beforeAll(async () => {
  owner = await openOverHttp(engine);
  door = await openDoor(() => owner.url);
});

let databases = 0;
beforeEach(async () => {
  databases += 1;
  const database = `outages_${databases}`;
  second = await owner.open(database);
  await second.store.migrate();
  first = openServerOf({ url: door.url, database, requestSeconds: 2 });
  door.set(() => "pass");
  return async () => {
    await first.close();
    await second.close();
  };
});

afterAll(async () => {
  await door.close();
  await owner.close();
  await engine.remove();
});

const batch = batchFrom(0, 20);

const expectWhole = async (sent: readonly Batch[] = [batch]): Promise<void> => {
  const calls = sent.flatMap((each) => each.calls);
  const n = String(calls.length);
  const { store } = second;
  expect(await sumsOfCalls(store)).toEqual(ledgerOf(calls));
  expect(await sumsOfRollup(store)).toEqual(ledgerOf(calls));
  expect(await rowCounts(store)).toEqual({ calls: n, attempts: n, contents: n, spans: n, traces: n });
};

const isInsertInto =
  (tables: string) =>
  (sql: string): boolean =>
    new RegExp(`^INSERT INTO (?:${tables}) `).test(sql);

describe("a server that", () => {
  it.each<{ readonly passage: Passage; readonly does: string }>([
    { passage: "refuse", does: "cuts connections" },
    { passage: "silent", does: "takes requests and keeps silent" },
    { passage: "no answer", does: "stores rows and does not answer in time" },
    { passage: "busy", does: "has nobody behind its load balancer" },
  ])("$does is unavailable for a while, and what is then sent again counts once", async ({ passage }) => {
    door.set(({ sql }) => (sql.startsWith("INSERT") ? passage : "pass"));
    await expect(first.append(batch, { delivery: "first" })).rejects.toMatchObject({ code: "store.unavailable" });
    await expect(first.append(batch, { delivery: "repeated" })).rejects.toMatchObject({ code: "store.unavailable" });
    door.set(() => "pass");
    await patiently(first, batch);
    await expectWhole();
  });

  it("is not there at all is unavailable", async () => {
    const gone = openServerOf({ url: "http://127.0.0.1:1", database: "any" });
    await expect(gone.append(batch, { delivery: "first" })).rejects.toMatchObject({ code: "store.unavailable" });
    await expect(gone.query("SELECT 1")).rejects.toMatchObject({ code: "store.unavailable" });
    await gone.close();
  });

  it.each([
    { what: "has no such table", given: { database: "nowhere" } },
    {
      what: "does not know the password any more",
      given: { database: "owner", as: { username: "writer", password: "old" } },
    },
    { what: "lets the user only read", given: { database: "owner", as: { username: "reader" } } },
  ])("$what is waited for: the rows are not at fault", async ({ given }) => {
    const stranger = openServerOf({ url: owner.url, ...given });
    await expect(stranger.append(batch, { delivery: "first" })).rejects.toMatchObject({
      code: "store.unavailable",
      isRetryable: true,
    });
    await stranger.close();
  });

  it("answers for some tables only gets the others by the repeat", async () => {
    door.set(({ sql }) => (isInsertInto("calls|contents")(sql) ? "silent" : "pass"));
    await expect(first.append(batch, { delivery: "first" })).rejects.toMatchObject({ code: "store.unavailable" });
    door.set(() => "pass");
    await patiently(first, batch);
    await expectWhole();
  });
});

describe("an insert of a writer that lost its partition", () => {
  it("changes nothing when it comes after the repeat of the new owner", async () => {
    door.set(({ sql }) => (sql.startsWith("INSERT") ? "hold" : "pass"));
    await expect(first.append(batch, { delivery: "first" })).rejects.toMatchObject({ code: "store.unavailable" });
    expect(door.held()).toBe(5);
    await second.store.append(batch, { delivery: "repeated" });
    await expectWhole();
    expect(await door.deliver()).toEqual([200, 200, 200, 200, 200]);
    await expectWhole();
  });

  it("counts when it comes before the repeat, and the repeat adds nothing", async () => {
    door.set(({ sql }) => (sql.startsWith("INSERT") ? "hold" : "pass"));
    await expect(first.append(batch, { delivery: "first" })).rejects.toMatchObject({ code: "store.unavailable" });
    await door.deliver();
    await second.store.append(batch, { delivery: "repeated" });
    await expectWhole();
  });

  it("changes nothing when it was a repeat itself, of rows whose token had no part", async () => {
    await second.store.append(batch, { delivery: "first" });
    await second.command("CREATE TABLE aside AS calls");
    await second.command("ALTER TABLE calls MOVE PARTITION '2026-01-05' TO TABLE aside");
    door.set(({ sql }) => (sql.includes(":again:1") ? "hold" : "pass"));
    await expect(first.append(batch, { delivery: "repeated" })).rejects.toMatchObject({ code: "store.unavailable" });
    expect(door.held()).toBe(1);
    await second.store.append(batch, { delivery: "repeated" });
    await expectWhole();
    await door.deliver();
    await expectWhole();
  });

  it("corrects nothing twice when its correction comes after that of the new owner", async () => {
    await second.store.append(batch, { delivery: "first" });
    await second.command("TRUNCATE TABLE calls_1m");
    door.set(({ sql }) => (isInsertInto("calls_1m")(sql) ? "hold" : "pass"));
    await expect(first.append(batch, { delivery: "repeated" })).rejects.toMatchObject({ code: "store.unavailable" });
    await second.store.append(batch, { delivery: "repeated" });
    await expectWhole();
    await door.deliver();
    await expectWhole();
  });
});

it("counts every call once, whatever becomes of its requests and whenever they come", async () => {
  const passages = fc.array(fc.constantFrom<Passage>("pass", "pass", "refuse", "no answer", "hold", "busy"), {
    minLength: 4,
    maxLength: 16,
  });
  // A short limit: on a busy machine it cuts off statements that would have come through, which must do no harm either.
  const hasty = openServerOf({ url: door.url, database: `outages_${databases}`, requestSeconds: 0.5 });
  let start = 0;
  const sent: Batch[] = [];
  await fc.assert(
    fc.asyncProperty(passages, async (script) => {
      const left = [...script];
      door.set(() => left.shift() ?? "pass");
      const batches = [batchFrom(start, 5), inPartition(batchFrom(start + 5, 5), 1), batchFrom(start + 10, 5)];
      start += 15;
      sent.push(...batches);
      const [a, b, c] = batches;
      if (a === undefined || b === undefined || c === undefined) throw new Error("three batches are sent");
      await Promise.all([patiently(hasty, a).then(() => patiently(hasty, c)), patiently(hasty, b)]);
      await door.deliver();
      await expectWhole(sent);
    }),
    { numRuns: 6, endOnFailure: true },
  );
  await hasty.close();
}, 120_000);
