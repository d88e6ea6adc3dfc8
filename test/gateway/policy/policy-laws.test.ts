import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../../../gateway/policy/decide.ts";
import type { PolicyTable } from "../../../gateway/policy/policy-table.ts";
import { effective, sharesOf, tableAfter } from "./effective.ts";
import { anyRoute, anyVerdicts, nowMs } from "./verdicts.ts";

const sorted = (table: PolicyTable): unknown => [...table.latest].sort(([a], [b]) => (a < b ? -1 : 1));

describe("the table", () => {
  test("is the same whatever the order of arrival", () => {
    const orders = anyVerdicts.chain((verdicts) =>
      fc.tuple(fc.constant(verdicts), fc.shuffledSubarray([...verdicts], { minLength: verdicts.length })),
    );
    fc.assert(
      fc.property(anyRoute, orders, (route, [first, second]) => {
        expect(sorted(tableAfter(route, first))).toEqual(sorted(tableAfter(route, second)));
        expect(sharesOf(effective(route, first))).toEqual(sharesOf(effective(route, second)));
      }),
    );
  });

  test("does not change when verdicts come again", () => {
    fc.assert(
      fc.property(anyRoute, anyVerdicts, (route, verdicts) => {
        const once = tableAfter(route, verdicts);
        for (const verdict of verdicts) expect(decide(verdict, once, nowMs).table).toBe(once);
      }),
    );
  });

  test("never leaves a route below its floor, and spreads all of its calls", () => {
    fc.assert(
      fc.property(anyRoute, anyVerdicts, (route, verdicts) => {
        const { targets } = effective(route, verdicts);
        expect(targets.filter(({ weight }) => weight > 0).length).toBeGreaterThanOrEqual(route.floor);
        const total = Object.values(sharesOf({ targets })).reduce((sum, value) => sum + value, 0);
        expect(total).toBeCloseTo(1, 9);
      }),
      { numRuns: 1_000 },
    );
  });

  test("gives a canary in force exactly its share", () => {
    fc.assert(
      fc.property(anyRoute, anyVerdicts, (route, verdicts) => {
        const state = effective(route, verdicts);
        const { canary } = state;
        if (canary !== null) expect(sharesOf(state)[canary.candidate]).toBeCloseTo(canary.share, 9);
      }),
      { numRuns: 1_000 },
    );
  });

  test("is as configured when every verdict has expired", () => {
    fc.assert(
      fc.property(anyRoute, anyVerdicts, (route, verdicts) => {
        const later = Math.max(nowMs, ...verdicts.map(({ expiresAtMs }) => expiresAtMs));
        expect(effective(route, verdicts, later)).toEqual({
          targets: route.targets,
          canary: null,
          inForce: [],
          held: [],
        });
      }),
    );
  });
});
