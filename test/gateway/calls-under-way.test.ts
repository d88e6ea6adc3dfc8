import { expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import type { WatchedCall } from "../../gateway/calls-under-way.ts";
import { CallsUnderWay } from "../../gateway/calls-under-way.ts";

const watchCalls = (names: readonly string[]) => {
  const sizes: number[] = [];
  const interrupted: string[] = [];
  const underWay = new CallsUnderWay({ clock: systemClock, tickMs: 5, onSize: (size) => sizes.push(size) });
  const calls = names.map((name): WatchedCall => {
    const call: WatchedCall = {
      watchedAt: -1,
      deadlineMs: Number.POSITIVE_INFINITY,
      expire: () => {},
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
