import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NoDataPolicy } from "../../../alerts/rules/no-data-policy.ts";
import { everyMs, minute, watch } from "./watch-alert.ts";

describe("the life of an alert", () => {
  const signs = fc.string({ unit: fc.constantFrom("x", ".", "_"), minLength: 1, maxLength: 80 });
  const policies = fc.constantFrom<NoDataPolicy[]>(
    { policy: "ok" },
    { policy: "zero", at_most: minute },
    { policy: "keep_last", at_most: minute },
    { policy: "alert", at_most: minute },
  );
  const timings = fc.record({
    forMs: fc.integer({ min: 0, max: 12 }).map((looks) => looks * everyMs),
    keepFiringForMs: fc.integer({ min: 0, max: 8 }).map((looks) => looks * everyMs),
    noData: policies,
  });

  test("it never fires before its condition has held for its time at every look", () => {
    fc.assert(
      fc.property(signs, timings, (text, rule) => {
        const looks = watch(text, { ...rule, noData: { policy: "ok" } });
        for (const [index, { reason }] of looks.entries()) {
          if (reason !== "fired") continue;
          const needed = Math.ceil(rule.forMs / everyMs) + 1;
          expect(text.slice(index + 1 - needed, index + 1)).toBe("x".repeat(needed));
        }
      }),
    );
  });

  test("it is never resolved before it kept firing for its time without its condition", () => {
    fc.assert(
      fc.property(signs, timings, (text, rule) => {
        const looks = watch(text, { ...rule, noData: { policy: "ok" } });
        for (const [index, { reason }] of looks.entries()) {
          if (reason !== "resolved") continue;
          const quiet = Math.ceil(rule.keepFiringForMs / everyMs) + 1;
          expect(text.slice(index + 1 - quiet, index + 1)).not.toContain("x");
        }
      }),
    );
  });

  test("the same samples give the same states", () => {
    fc.assert(
      fc.property(signs, timings, (text, rule) => {
        expect(watch(text, rule)).toEqual(watch(text, rule));
      }),
    );
  });

  test("its times agree with its state", () => {
    fc.assert(
      fc.property(signs, timings, (text, rule) => {
        const kept = watch(text, rule).flatMap(({ alert }) => (alert === null ? [] : [alert]));
        for (const { state, ...times } of kept) {
          expect(times.activeAtMs !== null, state).toBe(state === "pending" || state === "firing");
          expect(times.keepFiringSinceMs === null || state === "firing", state).toBe(true);
          expect(times.resolvedAtMs !== null || state !== "resolved", state).toBe(true);
          expect(times.resolvedAtMs === null || state !== "firing", state).toBe(true);
          expect(times.firedAtMs ?? 0, state).toBeLessThan(times.resolvedAtMs ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  test("every firing that ends is told as resolved", () => {
    fc.assert(
      fc.property(signs, timings, (text, rule) => {
        let isFiring = false;
        for (const { alert, reason } of watch(text, rule)) {
          if (isFiring && alert?.state !== "firing") expect([alert?.state, reason]).toEqual(["resolved", "resolved"]);
          isFiring = alert?.state === "firing";
        }
      }),
    );
  });
});
