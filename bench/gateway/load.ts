import { setTimeout } from "node:timers/promises";
import { Pool } from "undici";

/** What a call is made with. */
export interface Target {
  readonly pool: Pool;
  readonly isStream: boolean;
  /** What the one under test has to be told besides the content type. */
  readonly headers: Readonly<Record<string, string>>;
}

const messages = [{ role: "user", content: "Write two hundred words about whatever you like, please." }];
const body = {
  whole: Buffer.from(JSON.stringify({ model: "bench-model", messages })),
  stream: Buffer.from(JSON.stringify({ model: "bench-model", stream: true, messages })),
};

/** Opens a pool of kept-alive connections to a port of this machine. */
export const openPool = (port: number, connections: number): Pool =>
  new Pool(`http://127.0.0.1:${port}`, { connections, keepAliveTimeout: 60_000 });

/** Makes one call; returns milliseconds to its first byte of body and to its end. Throws on anything but 200. */
const call = async ({
  pool,
  isStream,
  headers,
}: Target): Promise<{ readonly firstMs: number; readonly totalMs: number }> => {
  const startedMs = performance.now();
  const answer = await pool.request({
    path: "/v1/chat/completions",
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: isStream ? body.stream : body.whole,
  });
  if (answer.statusCode !== 200) {
    throw new Error(`HTTP ${answer.statusCode}: ${await answer.body.text()}`);
  }
  let firstMs: number | null = null;
  for await (const _ of answer.body) {
    firstMs ??= performance.now() - startedMs;
  }
  return { firstMs: firstMs ?? Number.NaN, totalMs: performance.now() - startedMs };
};

/** Calls per second that `connections` callers get, each calling again as soon as it has its answer. */
export const closedLoop = async (
  target: Target,
  options: { readonly connections: number; readonly ms: number },
): Promise<number> => {
  const deadlineMs = performance.now() + options.ms;
  const startedMs = performance.now();
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < deadlineMs) {
      await call(target);
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: options.connections }, caller));
  return (calls * 1000) / (performance.now() - startedMs);
};

/** Latencies of calls made one after the other. */
export const sequential = async (
  target: Target,
  count: number,
): Promise<readonly { readonly firstMs: number; readonly totalMs: number }[]> => {
  const results = [];
  for (let index = 0; index < count; index += 1) {
    results.push(await call(target));
  }
  return results;
};

/**
 * Latencies of calls that start at a fixed rate whatever the answers do, counted from the moment a call was due, so that
 * queueing shows.
 */
export const openLoop = async (
  target: Target,
  options: { readonly perSecond: number; readonly ms: number },
): Promise<readonly number[]> => {
  const latencies: number[] = [];
  const underWay: Promise<void>[] = [];
  const startedMs = performance.now();
  const total = Math.floor((options.perSecond * options.ms) / 1000);
  for (let index = 0; index < total; ) {
    const dueMs = startedMs + (index * 1000) / options.perSecond;
    if (performance.now() < dueMs) {
      // A timer, not a busy wait: the provider shares this core and must not be starved by its own caller.
      await setTimeout(1);
      continue;
    }
    underWay.push(
      call(target).then(() => {
        latencies.push(performance.now() - dueMs);
      }),
    );
    index += 1;
  }
  await Promise.all(underWay);
  return latencies;
};
