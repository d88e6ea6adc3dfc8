import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OldestWaiting } from "../../../gateway/census/oldest-waiting.ts";

describe("the age of the oldest call that waits", () => {
  it("counts from the look that first saw it, and is null when none waits", () => {
    const oldest = new OldestWaiting();
    expect(oldest.look({ last: 0, done: 0 }, 0)).toBeNull();
    expect(oldest.look({ last: 5, done: 0 }, 1_000)).toBe(0);
    expect(oldest.look({ last: 9, done: 0 }, 3_000)).toBe(2_000);
    expect(oldest.look({ last: 9, done: 5 }, 4_000)).toBe(1_000);
    expect(oldest.look({ last: 9, done: 9 }, 5_000)).toBeNull();
    expect(oldest.look({ last: 10, done: 9 }, 6_000)).toBe(0);
  });

  it("is told too low by no more than the time between two looks, and never too high", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ more: fc.nat(3), done: fc.nat(3) }), { maxLength: 100 }), (steps) => {
        const oldest = new OldestWaiting();
        const appendedAt: number[] = [];
        let done = 0;
        for (const [index, step] of steps.entries()) {
          appendedAt.push(...Array.from({ length: step.more }, () => index * 10 - 3));
          done = Math.min(appendedAt.length, done + step.done);
          const told = oldest.look({ last: appendedAt.length, done }, index * 10);
          const first = appendedAt[done];
          const age = first === undefined ? null : index * 10 - first;
          expect(told === null).toBe(age === null);
          if (told !== null && age !== null) {
            expect(age - told).toBeGreaterThanOrEqual(0);
            expect(age - told).toBeLessThanOrEqual(10);
          }
        }
      }),
    );
  });

  it("stays bounded while nothing is taken for hours, and still knows the oldest to within the looks it kept", () => {
    const oldest = new OldestWaiting();
    const looks = 40_000;
    let told: number | null = null;
    for (let look = 1; look <= looks; look += 1) {
      told = oldest.look({ last: look, done: 0 }, look * 2_000);
    }
    const age = (looks - 1) * 2_000;
    expect(told).toBeLessThanOrEqual(age);
    expect(told).toBeGreaterThan(age * 0.98);
  });
});
