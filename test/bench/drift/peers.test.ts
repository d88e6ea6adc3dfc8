import { describe, expect, test } from "vitest";
import { noiseFrom } from "../../../bench/drift/noise.ts";
import { Adwin } from "../../../bench/drift/peers/adwin.ts";
import { Kswin, stepsAt, stepsBetween } from "../../../bench/drift/peers/kswin.ts";
import { PageHinkley } from "../../../bench/drift/peers/page-hinkley.ts";
import type { StreamDetector } from "../../../bench/drift/peers/stream-detector.ts";
import { threeSigma } from "../../../bench/drift/peers/three-sigma.ts";
import {
  jensenShannonOf,
  kolmogorovSmirnovOf,
  psiOf,
  wassersteinOf,
  windowPeers,
} from "../../../bench/drift/peers/windows.ts";

/** Places, from 1 on, of the values that made an alarm. */
const alarmsAt = (detector: StreamDetector, values: readonly number[]): readonly number[] =>
  values.flatMap((value, index) => (detector.add(value) ? [index + 1] : []));

const times = (count: number, value: number): readonly number[] => Array.from({ length: count }, () => value);

describe("ADWIN", () => {
  test("cuts 32 ones from 32 zeros, and is not sure of 16 and 16", () => {
    // Of 16 and 16 the bound is sqrt(2 / 6 / 4 * 8.151) + 2 / 3 * 8.151 / 6 = 1.73, of 32 and 32 it is 0.545 + 0.397 = 0.942.
    expect(alarmsAt(new Adwin({ delta: 0.002 }), [...times(16, 0), ...times(16, 1)])).toEqual([]);
    const detector = new Adwin({ delta: 0.002 });
    expect(alarmsAt(detector, [...times(32, 0), ...times(32, 1)])).toEqual([64]);
    expect(detector.width).toBeLessThan(64);
    expect(detector.width).toBeGreaterThanOrEqual(32);
  });

  test("knows the variance of the values that it has kept", () => {
    const { normal } = noiseFrom("adwin");
    const values = Array.from({ length: 2_000 }, (_, index) => normal() * 3 + (index < 1_000 ? 0 : 4));
    const detector = new Adwin({ delta: 0.002 });
    expect(alarmsAt(detector, values).length).toBeGreaterThan(0);
    const kept = values.slice(-detector.width);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    const squares = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(detector.variance).toBeCloseTo(squares / kept.length, 9);
    expect(kept.length).toBeLessThan(1_200);
  });

  test("keeps every value of a stream that stays as it is", () => {
    const detector = new Adwin({ delta: 0.05 });
    expect(alarmsAt(detector, times(3_000, 0.7))).toEqual([]);
    expect(detector.width).toBe(3_000);
  });
});

describe("KSWIN", () => {
  test("knows how far two samples of three must be apart: by all three with probability 2 / 20, by two with 12 / 20", () => {
    expect(stepsAt(3, 0.11)).toBe(3);
    expect(stepsAt(3, 0.61)).toBe(2);
    expect(stepsBetween([1, 2, 3], [2.5, 3, 4])).toBe(2);
    expect(stepsBetween([2.5, 3, 4], [1, 2, 3])).toBe(2);
    expect(stepsBetween([1, 2, 2], [2, 2, 2])).toBe(1);
  });

  test("alarms when enough of the last 30 differ from the 70 before", () => {
    // 13 steps of 30 have a probability of 0.0065 and 14 of 0.0025: 14 of the last 30 are needed at 0.005.
    expect(stepsAt(30, 0.005)).toBe(14);
    const few = [...times(70, 0), ...times(17, 0), ...times(13, 9)];
    expect(alarmsAt(new Kswin({ alpha: 0.005, seed: "a" }), few)).toEqual([]);
    expect(alarmsAt(new Kswin({ alpha: 0.005, seed: "a" }), [...few, 9])).toEqual([101]);
  });
});

describe("the test of Page and Hinkley", () => {
  test.each([10, -10])("sums what a stream of zeros is away from its mean when %d comes", (value) => {
    // The mean after 31 values is 10 / 31, so that the first adds 9.677, and the second 10 - 20 / 32 = 9.375.
    expect(alarmsAt(new PageHinkley({ threshold: 9 }), [...times(30, 0), value])).toEqual([31]);
    expect(alarmsAt(new PageHinkley({ threshold: 12 }), [...times(30, 0), value, value])).toEqual([32]);
  });

  test("says nothing of the first 29", () => {
    expect(alarmsAt(new PageHinkley({ threshold: 1 }), [...times(10, 0), ...times(19, 100)])).toEqual([]);
  });
});

describe("windows", () => {
  const reference = Float64Array.of(0, 0, 2, 2);
  const current = Float64Array.of(0, 2, 2, 2);

  test("have shares of 1/2 and 1/2 against 1/4 and 3/4 in the first and last of 4 bins", () => {
    expect(psiOf(reference, current)).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(1.5), 12);
    const divergence =
      (Math.log(4 / 3) * 0.5 + Math.log(0.8) * 0.5 + Math.log(2 / 3) * 0.25 + Math.log(1.2) * 0.75) / 2;
    expect(jensenShannonOf(reference, current)).toBeCloseTo(Math.sqrt(divergence), 12);
    expect(wassersteinOf(reference, current)).toBeCloseTo(0.5, 12);
  });

  test("that have nothing in common are far apart", () => {
    const [low, high] = [new Float64Array(8).fill(1), new Float64Array(8).fill(2)];
    expect(kolmogorovSmirnovOf(low, high)).toBeCloseTo(2 * Math.exp(-8) - 2 * Math.exp(-32), 12);
    expect(Object.values(windowPeers).map((isAlarm) => isAlarm(low, high))).toEqual([true, true, true, true]);
    expect(Object.values(windowPeers).map((isAlarm) => isAlarm(low, low))).toEqual([false, false, false, false]);
  });

  test("have 4 bins for 8 values", () => {
    const psi = psiOf(Float64Array.of(0, 1, 2, 3), Float64Array.of(1, 1, 2, 3));
    expect(psi).toBeCloseTo((0.25 - 1e-4) * Math.log(2_500) + 0.25 * Math.log(2), 12);
  });

  test("count an empty bin as a share of 1 in 10,000", () => {
    const [low, high] = [Float64Array.of(0), Float64Array.of(1)];
    expect(psiOf(low, high)).toBeCloseTo(2 * (1 - 1e-4) * Math.log(1e4), 9);
  });
});

test("three sigma is three times the deviation from the mean of an hour of the day", () => {
  const hours = Array.from({ length: 240 }, (_, hour) => {
    const sign = Math.floor(hour / 24) % 2 === 0 ? 1 : -1;
    return { hour, value: (hour % 24) + sign, deviation: 1, count: 1 };
  });
  // 240 squares of 1 over 240 - 24 degrees: a deviation of 1.054 and a limit of 3.162.
  const isAlarm = threeSigma(hours);
  const at = (value: number) => ({ hour: 245, value: 5 + value, deviation: 1, count: 1 });
  expect([3.1, 3.2, -3.1, -3.2].map((value) => isAlarm(at(value)))).toEqual([false, true, false, true]);
});
