import { expect, test } from "vitest";
import { CallTimes } from "../../gateway/call-times.ts";
import { LoopQueue } from "../../gateway/loop-queue.ts";

test("a call queues as long as the others of its turn run after it", async () => {
  let nowMs = 0;
  const queue = new LoopQueue({ nowMs: () => 0, monotonicMs: () => nowMs, sleep: async () => {} });
  const calls = [1, 2, 3].map((workMs) => {
    const times = new CallTimes(nowMs);
    queue.add(times);
    nowMs += workMs;
    times.sentMs = nowMs;
    return times;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls.map(({ queuedMs }) => queuedMs)).toEqual([5, 3, 0]);
});
