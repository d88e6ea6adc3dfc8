import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import { streamDrift, tiltedShares } from "../../stats/evidence/stream-drift.ts";

const coin = streamDrift({ shares: [0.5, 0.5], alternatives: [[0.25, 0.75]] });

describe("test I, request by request", () => {
  test("is the Shiryaev-Roberts recursion on likelihood ratios", () => {
    const state = [1, 1, 0].reduce(coin.step, coin.start);
    // 1.5, then 2.5 * 1.5 = 3.75, then 4.75 * 0.5.
    expect(state).toEqual([2.375]);
    expect(coin.logEvidence(state)).toBeCloseTo(Math.log(2.375), 12);
    expect(coin.logEvidence(coin.start)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("grows by 1 a request on average while nothing has changed", () => {
    const shares = [0.7, 0.2, 0.1];
    const drift = streamDrift({
      shares,
      alternatives: [-1, 0.5, 2].map((tilt) => tiltedShares(shares, [0, 1, 2], tilt)),
    });
    const meanAfter = (state: readonly number[], left: number): number =>
      left === 0
        ? Math.exp(drift.logEvidence(state))
        : shares.reduce((sum, share, category) => sum + share * meanAfter(drift.step(state, category), left - 1), 0);
    expect(meanAfter(drift.start, 6)).toBeCloseTo(6, 10);
  });

  test("grows so as well where changes weigh differently, and faster by a change that weighs more", () => {
    const changes = [
      [0.5, 0.5],
      [0.9, 0.1],
    ];
    const towards = (weights: readonly number[]) => streamDrift({ shares: [0.8, 0.2], alternatives: changes, weights });
    const evidence = (weights: readonly number[], seen: readonly number[]): number => {
      const { start, step, logEvidence } = towards(weights);
      return Math.exp(logEvidence(seen.reduce(step, start)));
    };
    expect(0.8 * evidence([0.9, 0.1], [0]) + 0.2 * evidence([0.9, 0.1], [1])).toBeCloseTo(1, 12);
    expect(evidence([0.9, 0.1], [1, 1, 1]) / evidence([0.5, 0.5], [1, 1, 1])).toBeGreaterThan(1.5);
    expect(() => towards([0.5, 0.4])).toThrow(RangeError);
    expect(() => towards([1])).toThrow(RangeError);
  });

  test("alarms at most once in A requests", () => {
    const { uniform } = seededRandom(5);
    const [threshold, requests] = [100, 100_000];
    let [state, alarms] = [coin.start, 0];
    for (let request = 0; request < requests; request += 1) {
      state = coin.step(state, uniform() < 0.5 ? 0 : 1);
      if (coin.logEvidence(state) >= Math.log(threshold)) {
        state = coin.start;
        alarms += 1;
      }
    }
    expect(alarms).toBeLessThan(requests / threshold);
    expect(alarms).toBeGreaterThan(requests / threshold / 10);
  });

  test("stays finite however long nobody looks, and refuses what is no category or no share", () => {
    const long = Array.from({ length: 3_000 }, () => 1).reduce(coin.step, coin.start);
    expect(long.every(Number.isFinite)).toBe(true);
    expect(() => coin.step(coin.start, 2)).toThrow(RangeError);
    expect(() => streamDrift({ shares: [0.5, 0.4], alternatives: [[0.5, 0.5]] })).toThrow(RangeError);
    expect(() => streamDrift({ shares: [0.5, 0.5], alternatives: [[1]] })).toThrow(RangeError);
    expect(() => streamDrift({ shares: [1, 0], alternatives: [[0.5, 0.5]] })).toThrow(RangeError);
  });
});

test("tilted shares are exp(tilt score) times as likely, and add up to 1", () => {
  const [low = 0, high = 0] = tiltedShares([0.8, 0.2], [0, 1], Math.log(4));
  expect([low, high]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
});
