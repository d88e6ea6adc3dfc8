import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { betting } from "../../stats/evidence/betting.ts";
import { cappedMean } from "../../stats/evidence/capped-mean.ts";
import { knownWeightRatio } from "../../stats/evidence/known-weight-ratio.ts";
import { knownWeightPromotion, rateRatioPromotion } from "../../stats/evidence/promotion.ts";
import { rateRatio } from "../../stats/evidence/rate-ratio.ts";
import { bothWays, harmGrid } from "../../stats/evidence/ratio-grid.ts";
import { sampleRatio } from "../../stats/evidence/sample-ratio.ts";
import { scoreTilt } from "../../stats/evidence/score-tilt.ts";
import { binomial, evidenceAfter, meanOver, waysToFall } from "./ways-to-fall.ts";

const arm = fc.integer({ min: 1, max: 40 });

describe("evidence under its null hypothesis is 1 on average", () => {
  test("test B, over every way in which one bucket can fall", () => {
    fc.assert(
      fc.property(arm, arm, fc.nat(80), (canary, baseline, some) => {
        const ways = waysToFall({ canary, baseline, bad: some % (canary + baseline + 1) });
        for (const grid of [harmGrid, bothWays(harmGrid)]) {
          expect(meanOver(ways, (way) => evidenceAfter(rateRatio({ grid }), [way]))).toBeCloseTo(1, 10);
        }
      }),
    );
  });

  test("test B, over every way in which two buckets can fall", () => {
    const [one, two] = [
      waysToFall({ canary: 5, baseline: 20, bad: 6 }),
      waysToFall({ canary: 9, baseline: 12, bad: 4 }),
    ];
    const mean = meanOver(one, (a) => meanOver(two, (b) => evidenceAfter(rateRatio(), [a, b])));
    expect(mean).toBeCloseTo(1, 12);
  });

  test("test B at a null ratio, and at most 1 where the odds are lower than that", () => {
    const test = rateRatio({ nullRatio: 1.5 });
    const at = (odds: number): number =>
      meanOver(waysToFall({ canary: 12, baseline: 30, bad: 9 }, odds), (way) => evidenceAfter(test, [way]));
    expect(at(1.5)).toBeCloseTo(1, 12);
    expect(at(1.2)).toBeLessThan(1);
    expect(at(3)).toBeGreaterThan(1);
  });

  test("the shift of scores, over every way in which a pool can be dealt to arms of any size", () => {
    const scores = [-1.4, -0.3, 0.2, 0.2, 0.9, 1.7, 2.2];
    const hands = Array.from({ length: 2 ** scores.length }, (_, bits) =>
      scores.map((__, place) => (bits >> place) & 1),
    );
    for (const size of [1, 2, 3, 4, 5, 6]) {
      const dealt = hands.filter((hand) => hand.reduce((sum, one) => sum + one, 0) === size);
      const evidence = dealt.map((canary) =>
        evidenceAfter(scoreTilt(), [{ scores, canary, baseline: canary.map((one) => 1 - one) }]),
      );
      expect(evidence.reduce((sum, one) => sum + one, 0) / evidence.length).toBeCloseTo(1, 10);
    }
  });

  test("the shift of scores is towards the canary's, whichever arm is smaller", () => {
    const higher = scoreTilt([0.5]);
    for (const [few, many] of [
      [4, 9],
      [9, 4],
    ] as const) {
      const arms = (low: number, high: number) => [{ scores: [-1, 1], canary: [0, high], baseline: [low, 0] }];
      expect(evidenceAfter(higher, arms(few, many))).toBeGreaterThan(5);
      expect(evidenceAfter(higher, [{ scores: [-1, 1], canary: [many, 0], baseline: [0, few] }])).toBeLessThan(1);
    }
  });

  test("the shift of scores in pools too large to be dealt in every way is at most 1", () => {
    for (const arms of [
      { canary: 200, baseline: 600, bad: 40 },
      { canary: 600, baseline: 200, bad: 40 },
    ]) {
      const mean = meanOver(waysToFall(arms), ({ canary, canaryBad, baseline, baselineBad }) =>
        evidenceAfter(scoreTilt([0.3, -0.3]), [
          { scores: [0, 1], canary: [canary - canaryBad, canaryBad], baseline: [baseline - baselineBad, baselineBad] },
        ]),
      );
      expect(mean).toBeLessThanOrEqual(1);
      expect(mean).toBeGreaterThan(0.8);
    }
  });

  test("test A, where each bad event is the canary's with the probability that the null ratio gives", () => {
    const [weight, bad, nullRatio] = [0.2, 12, 1.3];
    const share = (weight * nullRatio) / (weight * nullRatio + 1 - weight);
    const ways = binomial(bad, share).map((p, k) => ({ p, weight, canaryBad: k, baselineBad: bad - k }));
    expect(meanOver(ways, (way) => evidenceAfter(knownWeightRatio({ nullRatio }), [way]))).toBeCloseTo(1, 12);
  });

  test("test C at its margin, in both forms, and at most 1 beyond it", () => {
    const at = (odds: number): number =>
      meanOver(waysToFall({ canary: 20, baseline: 20, bad: 10 }, odds), (way) =>
        evidenceAfter(rateRatioPromotion(2), [way]),
      );
    expect(at(2)).toBeCloseTo(1, 12);
    expect(at(3)).toBeLessThan(1);
    expect(at(1)).toBeGreaterThan(1);
    const share = 2 / 3;
    const ways = binomial(9, share).map((p, k) => ({ p, weight: 0.5, canaryBad: k, baselineBad: 9 - k }));
    expect(meanOver(ways, (way) => evidenceAfter(knownWeightPromotion(2), [way]))).toBeCloseTo(1, 12);
  });

  test("test E, over every number of units that an arm can get", () => {
    const weights = [0.3, 0.7];
    const ways = binomial(25, 0.3).map((p, k) => ({ p, weights, units: [k, 25 - k] }));
    expect(meanOver(ways, (way) => evidenceAfter(sampleRatio(), [way]))).toBeCloseTo(1, 10);
  });

  test("the betting test, over every order of fair differences", () => {
    const test = betting({ cap: 0.5 });
    const length = 13;
    let sum = 0;
    for (let coins = 0; coins < 2 ** length; coins += 1) {
      const differences = Array.from({ length }, (_, toss) => ((coins >> toss) & 1 ? 0.8 : -0.8));
      sum += evidenceAfter(test, differences);
    }
    expect(sum / 2 ** length).toBeCloseTo(1, 10);
  });

  test("test F, where canary and baseline are exchangeable", () => {
    const values = [0, 3, 10, 50];
    const test = cappedMean({ cap: 20 });
    const pairs = values.flatMap((value) => values.map((other) => ({ value, baseline: [other] })));
    const mean = pairs.reduce((sum, a) => sum + pairs.reduce((inner, b) => inner + evidenceAfter(test, [a, b]), 0), 0);
    expect(mean / pairs.length ** 2).toBeCloseTo(1, 12);
  });
});
