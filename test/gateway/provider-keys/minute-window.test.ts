import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MinuteWindow } from "../../../gateway/provider-keys/minute-window.ts";

const steps = fc.array(fc.record({ afterMs: fc.nat({ max: 40_000 }), amount: fc.nat({ max: 9 }) }), { maxLength: 60 });

interface Use {
  readonly atMs: number;
  readonly amount: number;
}

const sum = (uses: readonly Use[]): number => uses.reduce((total, { amount }) => total + amount, 0);

describe("a minute of use", () => {
  test("has all of the last 60 seconds in it, and nothing older than 61", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const window = new MinuteWindow();
        const uses: Use[] = [];
        let nowMs = 0;
        for (const { afterMs, amount } of list) {
          nowMs += afterMs;
          window.add(amount, nowMs);
          uses.push({ atMs: nowMs, amount });
          const used = window.usedAt(nowMs);
          expect(used).toBeGreaterThanOrEqual(sum(uses.filter(({ atMs }) => atMs > nowMs - 60_000)));
          expect(used).toBeLessThanOrEqual(sum(uses.filter(({ atMs }) => atMs > nowMs - 61_000)));
        }
      }),
    );
  });

  test("has room again exactly after the wait that it names", () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 20 }), (list, most) => {
        const window = new MinuteWindow();
        let nowMs = 0;
        for (const { afterMs, amount } of list) {
          nowMs += afterMs;
          window.add(amount, nowMs);
        }
        const waitMs = window.waitMs(most, nowMs);
        expect(waitMs > 0).toBe(window.usedAt(nowMs) > most);
        if (waitMs > 1) expect(window.usedAt(nowMs + waitMs - 1)).toBeGreaterThan(most);
        expect(window.usedAt(nowMs + waitMs)).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("takes a change of what it still knows, and leaves out one of what it has forgotten", () => {
    const window = new MinuteWindow();
    const second = window.add(10, 5_000);
    window.change(second, -4, 60_000);
    expect(window.usedAt(60_000)).toBe(6);
    window.change(second, 90, 66_000);
    expect(window.usedAt(66_000)).toBe(0);
  });
});
