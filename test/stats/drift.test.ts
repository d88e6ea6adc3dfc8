import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import { driftEvidence, driftGrid } from "../../stats/evidence/drift-evidence.ts";
import { horizonBudget } from "../../stats/evidence/horizon-budget.ts";
import { selectEvidence } from "../../stats/evidence/select-evidence.ts";
import { residualExcess, residualScale } from "../../stats/reference/residual-scale.ts";
import { seasonalResidual } from "../../stats/reference/seasonal-residual.ts";

const { start, step, logEvidence } = driftEvidence();

/** Alarms of a series of residuals; each alarm begins anew. */
const alarmsOf = (residuals: readonly number[], threshold: number): number => {
  let state = start;
  let alarms = 0;
  for (const residual of residuals) {
    state = step(state, residual);
    if (logEvidence(state) >= Math.log(threshold)) {
      alarms += 1;
      state = start;
    }
  }
  return alarms;
};

describe("test I", () => {
  test("is the Shiryaev-Roberts recursion", () => {
    const residual = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(fc.array(residual, { minLength: 1, maxLength: 30 }), (residuals) => {
        const sums = driftGrid.map((shift) =>
          residuals.reduce((r, x) => (1 + r) * Math.exp(shift * x - (shift * shift) / 2), 0),
        );
        const mean = sums.reduce((sum, r) => sum + r, 0) / sums.length;
        const value = logEvidence(residuals.reduce(step, start));
        expect(Math.abs(value - Math.log(mean))).toBeLessThan(1e-9);
      }),
    );
  });

  test("starts from nothing, and stays finite however long nobody looks", () => {
    expect(logEvidence(start)).toBe(Number.NEGATIVE_INFINITY);
    const long = Array.from({ length: 1_000 }, () => 4).reduce(step, start);
    expect(long.every(Number.isFinite)).toBe(true);
    expect(logEvidence(long)).toBeGreaterThan(5_000);
    expect(() => step(start, Number.NaN)).toThrow(TypeError);
    expect(() => step([0], 1)).toThrow(RangeError);
  });

  test("alarms at most once in A buckets of Gaussian residuals", () => {
    const { normal } = seededRandom(20_261_121);
    const [threshold, buckets] = [200, 200_000];
    const residuals = Array.from({ length: buckets }, () => Math.min(Math.max(normal(), -4), 4));
    const alarms = alarmsOf(residuals, threshold);
    expect(alarms).toBeLessThan(buckets / threshold);
    expect(alarms).toBeGreaterThan(buckets / threshold / 10);
  });

  test("finds a shift of two deviations within a few buckets, in both directions", () => {
    const { normal } = seededRandom(7);
    for (const shift of [2, -2]) {
      const residuals = Array.from({ length: 12 }, () => normal() + shift);
      expect(alarmsOf(residuals, 1_000)).toBeGreaterThan(0);
    }
  });
});

describe("a residual", () => {
  const observed = { value: 3, expected: 1, deviation: 2, count: 16, overdispersion: 0.75 };

  test("is the distance in deviations of sampling and of buckets, within 4", () => {
    expect(seasonalResidual(observed)).toBe(2);
    expect(seasonalResidual({ ...observed, value: 100 })).toBe(4);
    expect(seasonalResidual({ ...observed, value: -100 })).toBe(-4);
  });

  test("of a series that never varied is 0 or a limit", () => {
    const still = { ...observed, deviation: 0, overdispersion: 0 };
    expect(seasonalResidual({ ...still, value: 1 })).toBe(0);
    expect(seasonalResidual(still)).toBe(4);
  });

  test("is refused without an observation or with a variance below 0", () => {
    expect(() => seasonalResidual({ ...observed, count: 0 })).toThrow(RangeError);
    expect(() => seasonalResidual({ ...observed, overdispersion: -1 })).toThrow(RangeError);
    expect(() => seasonalResidual({ ...observed, value: Number.NaN })).toThrow(TypeError);
  });
});

describe("the scale of residuals", () => {
  test("is 1 for quiet ones, and makes wild ones keep the promise", () => {
    expect(residualScale([0.5, -0.5, 0.2, -0.2])).toBe(1);
    const { normal } = seededRandom(3);
    const wild = Array.from({ length: 700 }, () => 3 * normal());
    const scale = residualScale(wild);
    expect(scale).toBeGreaterThan(2);
    expect(residualExcess(wild.map((r) => Math.min(Math.max(r / scale, -4), 4)))).toBeLessThanOrEqual(1);
    expect(residualExcess(wild.map((r) => Math.min(Math.max((r / scale) * 1.01, -4), 4)))).toBeGreaterThan(1);
  });

  test("is refused without residuals", () => {
    expect(() => residualScale([])).toThrow(RangeError);
    expect(() => residualScale([Number.NaN])).toThrow(TypeError);
  });
});

describe("test J", () => {
  test("2,000 series with one false alarm a week need a threshold of 336,000", () => {
    expect(horizonBudget({ series: 2_000, buckets: 168, falseAlarms: 1 })).toBe(336_000);
    expect(() => horizonBudget({ series: 2_000, buckets: 168, falseAlarms: 0 })).toThrow(RangeError);
  });

  test("e-BH selects the largest set that is self-consistent", () => {
    const evidences = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(evidences, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (values, alpha) => {
        // A tie at the bound may fall either way: logarithms are compared, and they are rounded.
        const largest = (slack: number): number =>
          values
            .map((_, index) => index + 1)
            .findLast((size) => {
              const needed = (values.length / (alpha * size)) * slack;
              return values.filter((e) => e >= needed).length >= size;
            }) ?? 0;
        const chosen = selectEvidence(values.map(Math.log), alpha);
        expect(chosen.length).toBeGreaterThanOrEqual(largest(1 + 1e-9));
        expect(chosen.length).toBeLessThanOrEqual(largest(1 - 1e-9));
        const least = Math.min(...chosen.map((index) => values[index] ?? 0));
        expect(values.filter((e, index) => !chosen.includes(index) && e > least)).toEqual([]);
      }),
    );
  });

  test("e-BH believes a single test at 1/alpha, and refuses what is no number", () => {
    expect(selectEvidence([Math.log(20.001)], 0.05)).toEqual([0]);
    expect(selectEvidence([Math.log(19.99)], 0.05)).toEqual([]);
    expect(selectEvidence([Math.log(30), 0, Math.log(81)], 0.05)).toEqual([0, 2]);
    expect(() => selectEvidence([Number.NaN], 0.05)).toThrow(TypeError);
  });
});
