import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { openEmbeddedStore } from "../../store/clickhouse.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { batchFrom, callsPerBatch } from "./batches.ts";
import { ledgerOf, rowCounts, sumsOfCalls, sumsOfRollup } from "./ledger.ts";
import { makeEngine } from "./open-engine.ts";

const engine = await makeEngine();
const program = fileURLToPath(new URL("fixtures/append-batches.ts", import.meta.url));
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await engine.remove();
});

/** Runs the program until it has begun `count` batches, calls `atLast`, kills it, and returns the start of its last batch. */
const runUntil = async (args: {
  readonly firstStart: number;
  readonly count: number;
  readonly atLast?: () => Promise<void>;
}): Promise<number> => {
  const child = spawn(process.execPath, [program, engine.dir, String(args.firstStart)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  const starts: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    starts.push(Number(line));
    if (starts.length === args.count) {
      await args.atLast?.();
      child.kill("SIGKILL");
    }
  }
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, "exit");
  }
  return starts.at(-1) ?? args.firstStart;
};

it("holds every call once after each kill of its process and a repeat of the batch under way", async () => {
  let firstStart = 0;
  for (const count of [1, 2, 5]) {
    const lastStart = await runUntil({ firstStart, count });
    const opened = await engine.open("plumbline");
    await opened.store.migrate();
    await opened.store.append(batchFrom(lastStart, callsPerBatch), { delivery: "repeated" });
    firstStart = lastStart + callsPerBatch;
    const sent = batchFrom(0, firstStart);
    expect(await sumsOfCalls(opened.store)).toEqual(ledgerOf(sent.calls));
    expect(await sumsOfRollup(opened.store)).toEqual(ledgerOf(sent.calls));
    const each = String(firstStart);
    expect(await rowCounts(opened.store)).toEqual({
      calls: each,
      attempts: each,
      contents: each,
      spans: each,
      traces: each,
    });
    await opened.close();
  }
});

it("names the process that has the folder", async () => {
  await runUntil({
    firstStart: 1_000_000,
    count: 1,
    atLast: async () => {
      await expect(engine.open("plumbline")).rejects.toMatchObject({
        code: "data.in_use",
        message: expect.stringContaining(`belongs to process ${children.at(-1)?.pid}`),
      });
    },
  });
});

it("says when the folder cannot be written", async () => {
  const file = join(dirname(engine.dir), "file");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
  const dir = join(file, "store");
  const config = engine.config("plumbline");
  const opening = openEmbeddedStore({ dir, config, log: silentLog, clock: virtualClock(), ids: randomIds });
  await expect(opening).rejects.toMatchObject({ code: "data.read_only" });
});
