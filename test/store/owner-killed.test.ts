import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { Batch } from "../../store/store.ts";
import { batchFrom, inPartition } from "./batches.ts";
import { openDoor } from "./door.ts";
import { ledgerOf, rowCounts, sumsOfCalls, sumsOfRollup } from "./ledger.ts";
import { makeEngine } from "./open-engine.ts";
import { openServerOf } from "./open-over-http.ts";
import { patiently } from "./patiently.ts";

const engine = await makeEngine();
const program = fileURLToPath(new URL("fixtures/serve-store.ts", import.meta.url));
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await engine.remove();
});

interface Owner {
  readonly url: string;
  readonly kill: () => Promise<void>;
}

const startOwner = async (): Promise<Owner> => {
  const child = spawn(process.execPath, [program, engine.dir], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  const exited = once(child, "exit");
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  return {
    url: String(url),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
};

/** Inserts after which the owner is killed, and milliseconds that it is given to work on the last one. */
const kills = [
  { inserts: 1, ms: 0 },
  { inserts: 3, ms: 4 },
  { inserts: 6, ms: 8 },
  { inserts: 2, ms: 12 },
  { inserts: 5, ms: 20 },
] as const;

it("holds every call of two writers of other processes once after each kill of the store's owner", async () => {
  let owner = await startOwner();
  let restart: Promise<void> = Promise.resolve();
  let isRestarting = false;
  const left = [...kills];
  const killAndRestart = async (ms: number): Promise<void> => {
    await systemClock.sleep(ms);
    await owner.kill();
    owner = await startOwner();
    inserts = 0;
    isRestarting = false;
  };
  let inserts = 0;
  const door = await openDoor(() => owner.url);
  door.set(({ sql }) => {
    inserts += sql.startsWith("INSERT") ? 1 : 0;
    const [next] = left;
    if (next !== undefined && !isRestarting && inserts >= next.inserts) {
      left.shift();
      isRestarting = true;
      restart = killAndRestart(next.ms);
    }
    return "pass";
  });
  const sent: Batch[] = [];
  const write = async (partition: number): Promise<void> => {
    const store = openServerOf({ url: door.url, database: "plumbline" });
    for (let start = partition * 1_000_000; left.length > 0; start += 200) {
      const batch = inPartition(batchFrom(start, 200), partition);
      sent.push(batch);
      await patiently(store, batch, () => restart);
    }
    await store.close();
  };
  await Promise.all([write(0), write(1)]);
  await restart;
  await owner.kill();
  await door.close();
  const { store, close } = await engine.open("plumbline");
  const calls = sent.flatMap((batch) => batch.calls);
  const n = String(calls.length);
  expect(await sumsOfCalls(store)).toEqual(ledgerOf(calls));
  expect(await sumsOfRollup(store)).toEqual(ledgerOf(calls));
  expect(await rowCounts(store)).toEqual({ calls: n, attempts: n, contents: n, spans: n, traces: n });
  await close();
}, 120_000);
