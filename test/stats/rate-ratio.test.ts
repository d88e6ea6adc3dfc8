import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rateRatio } from "../../stats/evidence/rate-ratio.ts";
import { harmGrid } from "../../stats/evidence/ratio-grid.ts";
import { logTilts } from "../../stats/evidence/tilted-hypergeometric.ts";
import { logChoose } from "../../stats/special/log-gamma.ts";
import { logSumExp } from "../../stats/special/log-sum-exp.ts";
import { waysToFall } from "./ways-to-fall.ts";

describe("test B", () => {
  const counts = fc
    .record({ canary: fc.nat(300), baseline: fc.nat(300), a: fc.nat(300), b: fc.nat(300) })
    .map(({ canary, baseline, a, b }) => ({
      canary,
      baseline,
      canaryBad: Math.min(a, canary),
      baselineBad: Math.min(b, baseline),
    }));

  test("is the likelihood ratio of the hypergeometric distribution, computed term by term", () => {
    fc.assert(
      fc.property(counts, (arms) => {
        const bad = arms.canaryBad + arms.baselineBad;
        const byTerms = harmGrid.map((ratio) => {
          const terms = Array.from({ length: bad + 1 }, (_, j) => {
            const ways = logChoose(arms.canary, j) + logChoose(arms.baseline, bad - j);
            return ways - logChoose(arms.canary + arms.baseline, bad) + j * Math.log(ratio);
          });
          return arms.canaryBad * Math.log(ratio) - logSumExp(terms.filter(Number.isFinite));
        });
        const state = rateRatio().step(rateRatio().start, arms);
        for (const [index, log] of byTerms.entries()) {
          expect(Math.abs((state[index] ?? 0) - log)).toBeLessThan(1e-9);
        }
      }),
    );
  });

  test("does not depend on the order of buckets, and stands still where an arm or bad events are missing", () => {
    const { start, step, logEvidence } = rateRatio();
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 6 }), (buckets) => {
        const forwards = logEvidence(buckets.reduce(step, start));
        expect(logEvidence(buckets.toReversed().reduce(step, start))).toBeCloseTo(forwards, 9);
      }),
    );
    expect(step(start, { canary: 0, baseline: 9, canaryBad: 0, baselineBad: 3 })).toEqual(start);
    expect(step(start, { canary: 9, baseline: 9, canaryBad: 0, baselineBad: 0 })).toEqual(start);
  });

  test("grows with each bad event that is the canary's and not the baseline's", () => {
    const { start, step, logEvidence } = rateRatio();
    const logs = waysToFall({ canary: 50, baseline: 200, bad: 20 }).map((way) => logEvidence(step(start, way)));
    expect(logs).toEqual(logs.toSorted((a, b) => a - b));
    expect(new Set(logs).size).toBe(21);
  });

  test("is the same in long rows as in short ones", () => {
    // Arms swapped and bad events exchanged for good ones give the same sums from the other end of the row.
    const row = { canary: 700, baseline: 90_000, bad: 1_200 };
    const [tilt = 0] = logTilts(row, [10]);
    const terms = Array.from({ length: 701 }, (_, j) => {
      const ways = logChoose(700, j) + logChoose(90_000, 1_200 - j);
      return ways - logChoose(90_700, 1_200) + j * Math.log(10);
    });
    expect(Math.abs(tilt - logSumExp(terms))).toBeLessThan(1e-8);
    const [unchanged = 1] = logTilts({ canary: 400_000, baseline: 600_000, bad: 300_000 }, [1]);
    expect(Math.abs(unchanged)).toBeLessThan(1e-7);
  });

  test("refuses counts that cannot be", () => {
    const { start, step } = rateRatio();
    const arms = { canary: 10, baseline: 10, canaryBad: 1, baselineBad: 1 };
    expect(() => step(start, { ...arms, canaryBad: 11 })).toThrow(RangeError);
    expect(() => step(start, { ...arms, baselineBad: -1 })).toThrow(RangeError);
    expect(() => step(start, { ...arms, canary: Number.NaN })).toThrow(TypeError);
    expect(() => step(start, { ...arms, canary: Number.POSITIVE_INFINITY })).toThrow(RangeError);
    expect(() => step([0], arms)).toThrow(RangeError);
    expect(() => rateRatio({ grid: [1] })).toThrow(RangeError);
    expect(() => rateRatio({ grid: [] })).toThrow(RangeError);
  });
});
