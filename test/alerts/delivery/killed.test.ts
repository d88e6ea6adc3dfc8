import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../../../core/clock.ts";
import type { Engine } from "../../store/open-engine.ts";
import { makeEngine } from "../../store/open-engine.ts";
import type { Hook, HookRequest } from "./hook.ts";
import { openHook } from "./hook.ts";

const program = fileURLToPath(new URL("fixtures/deliver.ts", import.meta.url));
const children: ChildProcess[] = [];
let engine: Engine;
let hook: Hook;

beforeAll(async () => {
  engine = await makeEngine();
  hook = await openHook();
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await hook.close();
  await engine.remove();
});

/** Starts a process that tells of alerts; resolves once it has accepted them. */
const startProcess = async (names: readonly string[]): Promise<() => Promise<void>> => {
  const args = [program, engine.dir, hook.url, names.join(",")];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  const exited = once(child, "exit");
  await once(createInterface({ input: child.stdout }), "line");
  return async () => {
    child.kill("SIGKILL");
    await exited;
  };
};

const body = z.object({ alerts: z.array(z.object({ labels: z.object({ alertname: z.string() }) })) });
const nameIn = (request: HookRequest): string =>
  body
    .parse(JSON.parse(request.body))
    .alerts.map(({ labels }) => labels.alertname)
    .join(" ");

test("of a process that is killed again and again, each alert is told at least once, and under one key only", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `Alert${index}`);
  // Killed while tries hang, while they fail, and some milliseconds into telling.
  hook.answers(() => "hang");
  let kill = await startProcess(names.slice(0, 10));
  await hook.received(1);
  await kill();
  hook.answers(() => ({ status: 503 }));
  kill = await startProcess(names.slice(10, 20));
  await hook.received(hook.requests().length + 3);
  await kill();
  hook.answers(() => ({ status: 200 }));
  for (const ms of [0, 15, 40]) {
    kill = await startProcess(ms === 0 ? names.slice(20) : []);
    await systemClock.sleep(ms);
    await kill();
  }
  kill = await startProcess([]);
  const told = (): ReadonlySet<string> => new Set(hook.requests().map(nameIn));
  while (told().size < names.length) await hook.received(hook.requests().length + 1);
  await kill();
  const keysOf = Map.groupBy(hook.requests(), nameIn);
  const keys = [...keysOf].map(([name, requests]) => [
    name,
    new Set(requests.map(({ headers }) => headers["idempotency-key"])).size,
  ]);
  expect(keys.filter(([, count]) => count !== 1)).toEqual([]);
  expect(keys.length).toBe(names.length);
}, 60_000);
