import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import { rateRatio } from "../../stats/evidence/rate-ratio.ts";
import { rateRatioAlarm } from "../../stats/evidence/rate-ratio-alarm.ts";

const bucket = { canary: 100, canaryBad: 5, baseline: 1_900, baselineBad: 19 };
const quiet = { canary: 100, canaryBad: 0, baseline: 1_900, baselineBad: 0 };

describe("test B without an end", () => {
  test("is the evidence of the only bucket, then of the two together and of the second alone", () => {
    const alarm = rateRatioAlarm();
    const single = rateRatio();
    const first = alarm.step(alarm.start, bucket);
    expect(alarm.logEvidence(alarm.start)).toBe(Number.NEGATIVE_INFINITY);
    expect(alarm.logEvidence(first)).toBeCloseTo(single.logEvidence(single.step(single.start, bucket)), 12);
    expect(alarm.logEvidence(first)).toBeCloseTo(2.959769, 6);
    const logs = single.step(single.start, bucket);
    const both = Math.log(logs.reduce((sum, log) => sum + Math.exp(log) + Math.exp(2 * log), 0) / logs.length);
    expect(alarm.logEvidence(alarm.step(first, bucket))).toBeCloseTo(both, 12);
  });

  test("takes a bucket that tells nothing for none", () => {
    const alarm = rateRatioAlarm();
    const state = alarm.step(alarm.start, bucket);
    expect(alarm.step(state, quiet)).toBe(state);
  });

  test("finds harm after a long calm as soon as harm at the start", () => {
    const alarm = rateRatioAlarm();
    const random = seededRandom(3);
    const binomial = (n: number, p: number): number =>
      Array.from({ length: n }, random.uniform).filter((u) => u < p).length;
    const delay = (calm: number): number => {
      let state = alarm.start;
      for (let look = 0; look < calm; look += 1)
        state = alarm.step(state, {
          canary: 50,
          canaryBad: binomial(50, 0.02),
          baseline: 50,
          baselineBad: binomial(50, 0.02),
        });
      for (let look = 1; ; look += 1) {
        state = alarm.step(state, {
          canary: 50,
          canaryBad: binomial(50, 0.3),
          baseline: 50,
          baselineBad: binomial(50, 0.02),
        });
        if (alarm.logEvidence(state) >= Math.log(100_000)) return look;
      }
    };
    expect(delay(2_000)).toBeLessThanOrEqual(delay(0) + 1);
  });
});
