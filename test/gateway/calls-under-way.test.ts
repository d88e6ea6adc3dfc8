import { expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { WatchedCall } from "../../gateway/calls-under-way.ts";
import { CallsUnderWay } from "../../gateway/calls-under-way.ts";
import { gatewayConfig } from "../../gateway/config.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { answerStream, startStream, startUpstream } from "./support/mock-upstream.ts";
import { delta, done } from "./support/openai-bytes.ts";
import { hello, providerAt, startTestGateway } from "./support/test-gateway.ts";

const boom = new Error("boom");

test("a call that throws when its time is over ends, and the limits of the others hold", async () => {
  const clock = virtualClock();
  const seen: string[] = [];
  const underWay = new CallsUnderWay({ clock, tickMs: 10, onSize: () => {} });
  const other = Promise.withResolvers<void>();
  const callOf = (name: string, expire: () => void): WatchedCall => ({
    watchedAt: -1,
    deadlineMs: 5,
    expire,
    interrupt: expire,
    crash: (error) => void seen.push(`${name} ${String(error)}`),
  });
  const first = callOf("first", () => {
    underWay.remove(first);
    throw boom;
  });
  const second = callOf("second", () => {
    underWay.remove(second);
    other.resolve();
  });
  underWay.add(first);
  underWay.add(second);
  await clock.advanceUntil(other.promise, 10);
  expect([seen, underWay.size]).toEqual([["first Error: boom"], 0]);
  const third = callOf("third", () => {
    throw boom;
  });
  underWay.add(third);
  await clock.advanceUntil(underWay.drain(0), 1_000);
  expect(seen.at(-1)).toBe("third Error: boom");
});

test("a time limit that comes with other routes is kept as closely as one that was there from the start", async () => {
  const clock = virtualClock();
  const spare = await startUpstream(answerStream([delta({ content: "spare" }, "stop"), done]));
  await using system = await startTestGateway({
    deps: { clock },
    providers: { spare: providerAt(spare.port) },
    script: (response) => startStream(response),
  });
  const route = {
    models: ["up-1"],
    targets: [{ provider: "up" }, { provider: "spare", weight: 0 }],
    fallback: ["spare"],
  };
  system.gateway.reconfigure(
    gatewayConfig.parse({
      providers: { up: providerAt(system.upstream.port), spare: providerAt(spare.port) },
      routes: { main: { ...route, limits: { ttftMs: 100 } } },
    }),
  );
  const asked = system.ask({ body: { ...hello, stream: true } });
  await system.upstream.nextRequest();
  clock.advance(110);
  await spare.nextRequest();
  expect((await asked).body.toString()).toContain("spare");
  await spare.close();
});

const watchCalls = (names: readonly string[]) => {
  const sizes: number[] = [];
  const interrupted: string[] = [];
  const underWay = new CallsUnderWay({ clock: systemClock, tickMs: 5, onSize: (size) => sizes.push(size) });
  const calls = names.map((name): WatchedCall => {
    const call: WatchedCall = {
      watchedAt: -1,
      deadlineMs: Number.POSITIVE_INFINITY,
      expire: () => {},
      crash: () => {},
      interrupt: () => {
        interrupted.push(name);
        underWay.remove(call);
      },
    };
    underWay.add(call);
    return call;
  });
  return { underWay, calls, sizes, interrupted };
};

test("every call but those that have ended is interrupted, in whichever order they ended", async () => {
  const names = ["a", "b", "c", "d", "e"];
  for (const gone of [[], ["a"], ["e"], ["b", "d"], ["e", "a"], ["a", "e", "c"], ["e", "d", "c", "b", "a"]]) {
    const { underWay, calls, interrupted } = watchCalls(names);
    for (const name of gone) {
      const call = calls[names.indexOf(name)];
      if (call !== undefined) underWay.remove(call);
    }
    await underWay.drain(0);
    expect(interrupted.toSorted(), gone.join()).toEqual(names.filter((name) => !gone.includes(name)));
    expect(underWay.size).toBe(0);
  }
});

test("a call that is removed twice takes no other with it", async () => {
  const { underWay, calls, sizes, interrupted } = watchCalls(["a", "b"]);
  for (const call of [calls[0], calls[0]]) {
    if (call !== undefined) underWay.remove(call);
  }
  expect(sizes).toEqual([1, 2, 1]);
  await underWay.drain(0);
  expect(interrupted).toEqual(["b"]);
});
