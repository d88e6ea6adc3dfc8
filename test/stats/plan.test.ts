import { describe, expect, test } from "vitest";
import { combineEvidence } from "../../stats/evidence/combine-evidence.ts";
import { neededCount } from "../../stats/evidence/needed-count.ts";

describe("the requests that a canary needs", () => {
  test.each([
    { nullRate: 0.01, trueRate: 0.03, needed: 392 },
    { nullRate: 0.02, trueRate: 0.06, needed: 196 },
    { nullRate: 0.02, trueRate: 0.04, needed: 657 },
    { nullRate: 0.01, trueRate: 0.02, needed: 1_314 },
  ])("to see $nullRate become $trueRate are $needed", ({ needed, ...rates }) => {
    expect(neededCount({ ...rates, alpha: 0.05, gridPoints: 8 })).toBe(needed);
  });

  test("are endless where there is nothing to see", () => {
    expect(neededCount({ nullRate: 0.1, trueRate: 0.1, alpha: 0.05, gridPoints: 8 })).toBe(Number.POSITIVE_INFINITY);
    expect(() => neededCount({ nullRate: 0, trueRate: 0.1, alpha: 0.05, gridPoints: 8 })).toThrow(RangeError);
    expect(() => neededCount({ nullRate: 0.1, trueRate: Number.NaN, alpha: 0.05, gridPoints: 8 })).toThrow(TypeError);
  });
});

describe("evidence of several measures", () => {
  const log = (...parts: readonly (readonly [number, number])[]): number =>
    combineEvidence(parts.map(([weight, evidence]) => ({ weight, logEvidence: Math.log(evidence) })));

  test("is their weighted mean, and a measure without evidence takes away its own share only", () => {
    expect(Math.exp(log([0.5, 10], [0.3, 2], [0.2, 5]))).toBeCloseTo(6.6, 12);
    expect(Math.exp(log([0.9, 0], [0.1, 100]))).toBeCloseTo(10, 12);
    expect(Math.exp(log([1, 4], [0, 1e6]))).toBeCloseTo(4, 12);
  });

  test("has weights that add up to 1", () => {
    expect(() => log([0.5, 1])).toThrow(RangeError);
    expect(() => log([1.5, 1], [-0.5, 1])).toThrow(RangeError);
    expect(() => combineEvidence([{ weight: 1, logEvidence: Number.NaN }])).toThrow(TypeError);
  });
});
