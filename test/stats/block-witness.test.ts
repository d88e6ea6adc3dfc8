import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import { embeddingDistance } from "../../stats/effect/embedding-distance.ts";
import { blockScore, blockVariance, blockWitness, meanAlong } from "../../stats/evidence/block-witness.ts";
import { logMeanExp } from "../../stats/special/log-sum-exp.ts";

const witness = { direction: [0.6, 0.8], centre: 0 };
const block = (count: number, ...mean: readonly number[]) => ({ count, sum: mean.map((value) => value * count) });

describe("test G on sums of blocks", () => {
  test("scores a difference along the witness in deviations of such a difference, cut off at 4", () => {
    const candidate = block(10, 0.5, 0.25);
    const baseline = block(40, 0.1, 0.05);
    expect(meanAlong(witness, candidate)).toBeCloseTo(0.5, 12);
    // 0.5 - 0.1 over the root of 0.04 (1/10 + 1/40).
    const args = { witness, candidate, baseline, variance: 0.32 };
    expect(blockScore(args)).toBeCloseTo(2, 12);
    expect(blockScore({ ...args, variance: 1e-9 })).toBe(4);
    expect(blockScore({ ...args, candidate: baseline, baseline: candidate, variance: 1e-9 })).toBe(-4);
    expect(() => blockScore({ ...args, variance: 0 })).toThrow(RangeError);
    expect(() => blockScore({ ...args, candidate: block(3, 1) })).toThrow("vectors of 1 and 2 numbers");
    expect(() => blockScore({ ...args, candidate: block(3, Number.NaN, 0) })).toThrow(TypeError);
  });

  test("takes the variance of one answer from blocks of any size, and raises it by its standard error", () => {
    const means = [0.1, 0.2, 0.3, 0.4, 0.5];
    const blocks = means.map((mean, index) => block(index + 1, mean / 0.6, 0));
    const centre = means.reduce((sum, mean, index) => sum + mean * (index + 1), 0) / 15;
    const squares = means.reduce((sum, mean, index) => sum + (index + 1) * (mean - centre) ** 2, 0);
    expect(blockVariance(witness, blocks)).toBeCloseTo((squares / 4) * (1 + Math.sqrt(1 / 2)), 12);
    expect(blockVariance(witness, [block(1, 1, 1), block(5, 1, 1), block(9, 1, 1)])).toBe(1e-4);
    expect(() => blockVariance(witness, blocks.slice(0, 2))).toThrow("2 blocks: a variance needs 3");
  });

  test("has the evidence of the mixture over its grid", () => {
    const { start, step, logEvidence } = blockWitness();
    expect(logEvidence(start)).toBe(0);
    const one = logMeanExp([0.25, 0.5, 1, 2].map((tilt) => tilt * 1.5 - tilt ** 2 / 2));
    expect(logEvidence(step(start, 1.5))).toBeCloseTo(one, 12);
    expect(step(start, 9)).toEqual(step(start, 4));
    expect(() => step(start, Number.NaN)).toThrow(TypeError);
  });

  test("has a mean of at most 1 over normal scores, so that it reaches 20 in fewer than one of 20 runs", () => {
    const { start, step, logEvidence } = blockWitness();
    const { normal } = seededRandom(12);
    const runs = 4_000;
    let [total, crossed] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      let [state, best] = [start, 0];
      for (let look = 0; look < 40; look += 1) {
        state = step(state, normal());
        best = Math.max(best, logEvidence(state));
        if (look === 0) total += Math.exp(logEvidence(state));
      }
      crossed += best >= Math.log(20) ? 1 : 0;
    }
    expect(total / runs).toBeLessThan(1.05);
    expect(crossed / runs).toBeLessThan(0.05);
    expect(crossed).toBeGreaterThan(0);
  });
});

describe("the distance of two sets of embeddings", () => {
  const setOf = (vectors: readonly (readonly number[])[]) => ({
    count: vectors.length,
    sum: [0, 1].map((place) => vectors.reduce((sum, vector) => sum + (vector[place] ?? 0), 0)),
    squaredNorms: vectors.reduce((sum, vector) => sum + vector.reduce((all, value) => all + value ** 2, 0), 0),
  });

  test("is that of their means, without what chance adds, in units of how far answers lie from their mean", () => {
    const around = (x: number) =>
      setOf([
        [x, 1],
        [x, -1],
        [x + 1, 0],
        [x - 1, 0],
      ]);
    // Squared distance 9, less 1/3 for the noise of each mean; answers lie 4/3 squared from their mean.
    expect(embeddingDistance(around(0), around(3))).toBeCloseTo(Math.sqrt((9 - 2 / 3) / (4 / 3)), 12);
    expect(embeddingDistance(around(0), around(0))).toBe(0);
  });

  test("is 0 where all answers are the same, and never below", () => {
    const same = setOf([
      [1, 0],
      [1, 0],
    ]);
    expect(embeddingDistance(same, same)).toBe(0);
    const vectors = fc.array(
      fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
      { minLength: 2, maxLength: 9 },
    );
    fc.assert(fc.property(vectors, vectors, (a, b) => embeddingDistance(setOf(a), setOf(b)) >= 0));
  });
});
