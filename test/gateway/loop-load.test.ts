import { expect, test } from "vitest";
import { LoopLoad } from "../../gateway/loop-load.ts";

const clockAt = (now: () => number) => ({ nowMs: () => 0, monotonicMs: now, sleep: async () => {} });

test("there is time while a tenth of the loop's was free, by what it did since it was last asked", () => {
  let nowMs = 0;
  let time = { active: 40, idle: 1_000 };
  const load = new LoopLoad(
    clockAt(() => nowMs),
    () => time,
  );
  const after = (active: number, idle: number): boolean => {
    nowMs += active + idle;
    time = { active: time.active + active, idle: time.idle + idle };
    return load.hasTime;
  };
  expect(load.hasTime).toBe(true);
  expect(after(90, 10)).toBe(true);
  expect(after(91, 9)).toBe(false);
  expect(after(200, 0)).toBe(false);
  expect(after(1_000, 300)).toBe(true);
});

test("it looks at the loop ten times a second at most", () => {
  let nowMs = 0;
  let looks = 0;
  const load = new LoopLoad(
    clockAt(() => nowMs),
    () => {
      looks += 1;
      return { active: looks, idle: 0 };
    },
  );
  for (; nowMs < 1_000; nowMs += 1) {
    void load.hasTime;
  }
  expect(looks).toBe(1 + 9);
});

test("it knows Node's own loop", () => {
  expect(new LoopLoad(clockAt(() => performance.now())).hasTime).toBe(true);
});
