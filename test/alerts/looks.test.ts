import { describe, expect, test } from "vitest";
import type { KeptState, Look, LookTaker } from "../../alerts/looks/look.ts";
import { looksConfig } from "../../alerts/looks/looks-config.ts";
import { Looks } from "../../alerts/looks/run-looks.ts";
import type { ArmTally } from "../../core/arms.ts";
import { seededRandom } from "../../core/random.ts";
import type { Store } from "../../store/store.ts";
import { keptLog } from "../processors/set-up-line.ts";
import { setUpDesk } from "./desk.ts";
import { simulatedArm } from "./simulated-arms.ts";

const bench = setUpDesk();
const random = seededRandom(1);
const arm = (): ArmTally => simulatedArm({ variant: "a", calls: 5, medianMs: 100 }, random);

/** A taker that counts calls, with the looks it was given. */
const counting = () => {
  let calls = 0;
  const looks: (readonly [number, number])[] = [];
  const acted: number[] = [];
  const taker: LookTaker = {
    prefix: "count:",
    load: (kept: readonly KeptState[]) => {
      calls = kept.length === 0 ? 0 : Number(kept[0]?.state);
    },
    take: ({ fromMs, toMs, arms }: Look) => {
      looks.push([fromMs, toMs]);
      calls += arms.reduce((sum, each) => sum + each.calls, 0);
      return [{ key: "count:calls", state: String(calls) }];
    },
    act: async ({ toMs }) => {
      acted.push(toMs);
    },
  };
  return { taker, looks, acted, calls: () => calls };
};

const open = (taker: LookTaker, arms: readonly ArmTally[], broken: Partial<Store> = {}) => {
  const store = { ...bench.store().store, readArms: async () => arms, ...broken };
  const { log, lines } = keptLog();
  const config = looksConfig.parse({});
  return { looks: new Looks({ store, takers: [taker], config, clock: bench.clock(), log }), lines };
};

describe("looks", () => {
  test("carry what was counted of users and sessions for who wanted it, span by span", async () => {
    const spans = [1, 2].map((sinceMs) => ({
      ...{ fromMs: 0, toMs: 5, begunFromMs: 1, begunUntilMs: 5, route: "chat", unit: "user" as const },
      sinceMs,
    }));
    const given: Look[] = [];
    const taker: LookTaker = {
      ...counting().taker,
      unitsWanted: (toMs) => [{ key: `until ${toMs - bench.clock().nowMs()}`, spans }],
      act: async (look) => void given.push(look),
    };
    const one = arm();
    const looks = open(taker, [], { readUnitArms: async ({ sinceMs }) => Array<ArmTally>(sinceMs).fill(one) }).looks;
    await looks.load();
    bench.clock().advance(7_000);
    await looks.look();
    expect(given.map(({ units }) => units)).toEqual([new Map([["until -2000", [[one], [one, one]]]])]);
  });

  test("that wait for a clock which was put back say so, once, and when they go on", async () => {
    const { taker, looks: taken } = counting();
    const { looks, lines } = open(taker, [arm()]);
    await looks.load();
    const aheadMs = bench.clock().nowMs() + 600_000;
    await looks.keep([{ key: "cursor", state: JSON.stringify({ toMs: aheadMs }) }]);
    await looks.load();
    for (let at = 0; at < 3; at += 1) {
      bench.clock().advance(5_000);
      await looks.look();
    }
    expect([taken, lines.filter((line) => line.includes("clock")).length]).toEqual([[], 1]);
    bench.clock().advance(600_000);
    await looks.look();
    expect(taken.map(([fromMs]) => fromMs)).toEqual([aheadMs]);
    expect(lines.at(-1)).toContain("looked at again");
  });

  test("of one that stood still while another led go on from where that one came, and count nothing twice", async () => {
    const [first, second] = [counting(), counting()];
    const arms = [arm()];
    const [one, other] = [open(first.taker, arms).looks, open(second.taker, arms).looks];
    await one.load();
    bench.clock().advance(7_000);
    await one.look();
    bench.clock().advance(60_000);
    await other.load();
    await other.look();
    const counted = second.calls();
    bench.clock().advance(5_000);
    await one.look();
    expect(first.looks.at(-1)?.[0]).toBe(second.looks.at(-1)?.[1]);
    expect([counted, first.calls()]).toEqual([2, 3].map((looks) => looks * (arms[0]?.calls ?? 0)));
  });

  test("follow each other without a gap, end when rows have settled, and begin where the last process ended", async () => {
    const startMs = bench.clock().nowMs();
    const first = counting();
    const looks = open(first.taker, [arm()]).looks;
    await looks.load();
    await looks.look();
    expect(first.looks).toEqual([]);
    bench.clock().advance(7_000);
    await looks.look();
    bench.clock().advance(5_000);
    await looks.look();
    expect(first.looks).toEqual([
      [startMs, startMs + 5_000],
      [startMs + 5_000, startMs + 10_000],
    ]);
    expect(first.acted).toEqual([startMs + 5_000, startMs + 10_000]);
    const second = counting();
    const again = open(second.taker, []).looks;
    await again.load();
    expect(second.calls()).toBe(first.calls());
    bench.clock().advance(60_000);
    await again.look();
    expect(second.looks).toEqual([[startMs + 10_000, startMs + 70_000]]);
  });

  test("that could not be saved are taken again by whoever comes next, and counted once", async () => {
    const first = counting();
    const down = async (): Promise<void> => {
      throw new Error("the store is down");
    };
    const one = arm();
    const { looks } = open(first.taker, [one], { saveStates: down });
    await looks.load();
    bench.clock().advance(7_000);
    await expect(looks.look()).rejects.toThrow("the store is down");
    expect(first.acted).toEqual([]);
    const second = counting();
    const again = open(second.taker, [one]).looks;
    await again.load();
    bench.clock().advance(5_000);
    await again.look();
    expect(second.calls()).toBe(one.calls);
  });

  test("go on after a store that was away, with what was saved, and say so once", async () => {
    const { taker, calls } = counting();
    let isDown = false;
    const one = arm();
    let reads = 0;
    const readArms = async (): Promise<readonly ArmTally[]> => {
      reads += 1;
      if (isDown) throw new Error("the store is down");
      return [one];
    };
    const { looks, lines } = open(taker, [], { readArms });
    await looks.start();
    const clock = bench.clock();
    const reached = async (count: number): Promise<void> => {
      while (reads < count) await new Promise((resolve) => setImmediate(resolve));
    };
    await clock.advanceUntil(reached(2), 1_000);
    isDown = true;
    await clock.advanceUntil(reached(5), 1_000);
    isDown = false;
    await clock.advanceUntil(reached(7), 1_000);
    await looks.stop();
    expect(calls()).toBe(one.calls * 4);
    expect(lines).toEqual([
      "error: the targets of routes are not looked at",
      "the targets of routes are looked at again",
    ]);
  });

  test("reach back no further than they are told to", async () => {
    const { taker, looks } = counting();
    const opened = open(taker, []).looks;
    await opened.load();
    bench.clock().advance(7_200_000);
    await opened.look();
    expect(looks).toEqual([[bench.clock().nowMs() - 3_602_000, bench.clock().nowMs() - 2_000]]);
  });
});
