import { describe, expect, test } from "vitest";
import { effectOf, isLarge } from "../../../alerts/canary/effect.ts";
import type { CanaryLook } from "../../../alerts/canary/look.ts";
import { metricsWithEmbedding } from "../../../alerts/canary/metric.ts";
import { canaryPlan, stagesOf } from "../../../alerts/canary/plan.ts";
import { startCanary, stepCanary } from "../../../alerts/canary/step-canary.ts";
import type { EmbeddedArm } from "../../../alerts/canary/step-witness.ts";
import { emptyArm, logWitness, startWitness, stepWitness } from "../../../alerts/canary/step-witness.ts";
import { randomFrom } from "../../../processors/drift-draw.ts";
import { answerText, answerVector, embeddedMinute } from "../../processors/worded-answers.ts";

const arm = (random: () => number, answers: number, share: number): EmbeddedArm => {
  const vectors = Array.from({ length: answers }, () => answerVector(answerText(random, share)));
  const { n, sum, squaredNorms } = embeddedMinute(vectors, 0);
  return { count: n, sum: [...sum], squaredNorms };
};

const plain = ({ count, sum, squaredNorms }: EmbeddedArm) => ({ count, sum: [...sum], squaredNorms });

/** The highest evidence over looks of 8 answers of the candidate and 24 of the baseline, by how both are worded at each. */
const highest = (seed: string, worded: readonly (readonly [candidate: number, baseline: number])[]): number => {
  const random = randomFrom(seed);
  let [state, best] = [startWitness(), 0];
  for (const [candidate, baseline] of worded) {
    state = stepWitness(state, { candidate: arm(random, 8, candidate), baseline: arm(random, 24, baseline) });
    best = Math.max(best, logWitness(state));
  }
  return best;
};

const looks = (count: number, candidate: number, baseline: number) =>
  Array.from({ length: count }, () => [candidate, baseline] as const);

describe("the wording of a candidate's answers", () => {
  test("that is the baseline's reaches evidence of 20 in fewer than one of 20 canaries", () => {
    const runs = Array.from({ length: 60 }, (_, run) => highest(`as ever ${run}`, looks(40, 0.1, 0.1)));
    expect(runs.filter((log) => log >= Math.log(20)).length).toBeLessThan(3);
    expect(Math.max(...runs)).toBeGreaterThan(0);
  }, 30_000);

  test("that changes with the baseline's, look by look, is no evidence: what callers ask has changed", () => {
    const shared = Array.from({ length: 40 }, (_, look) => [0.5 * (look % 2), 0.5 * (look % 2)] as const);
    expect(highest("a common change", shared)).toBeLessThan(Math.log(20));
  });

  test("that is another is evidence of a hundred within 30 looks", () => {
    expect(highest("other words", looks(30, 0.2, 0))).toBeGreaterThan(Math.log(100));
  });

  test("is not compared before there is a direction and a spread, nor where an arm has nothing", () => {
    expect(highest("early", looks(8, 0.9, 0))).toBe(0);
    const random = randomFrom("nothing");
    const before = startWitness();
    expect(stepWitness(before, { candidate: emptyArm, baseline: emptyArm })).toEqual(before);
    const alone = stepWitness(before, { candidate: arm(random, 5, 0), baseline: emptyArm });
    expect([alone.candidate.count, alone.baseline.count, alone.logs]).toEqual([5, 0, before.logs]);
  });
});

const planWith = (weight: number) =>
  canaryPlan.parse({ stages: stagesOf([0.25, 1]), metrics: metricsWithEmbedding(weight) });

describe("a canary that must not change what is answered", () => {
  const run = (weight: number, share: number) => {
    const plan = planWith(weight);
    const random = randomFrom(`canary ${share}`);
    let state = startCanary({ plan, hash: "h", nowMs: 0 });
    for (let look = 1; look <= 60; look += 1) {
      const of = (answers: number, floridShare: number) => ({
        assigned: answers,
        metrics: { errors: { n: answers, bad: 0 }, embedding: plain(arm(random, answers, floridShare)) },
      });
      const seen: CanaryLook = {
        ...{ hash: "h", endMs: look * 5_000, share: 0.25 },
        ...{ candidate: of(8, share), baseline: of(24, 0) },
      };
      const step = stepCanary({ plan, state, look: seen, nowMs: look * 5_000 });
      if (step.verdict === "fail") return step;
      state = step.state;
    }
    return null;
  };

  test("is rolled back by its wording alone, which says how far apart it is and of how many answers", () => {
    expect(run(0.2, 0.5)?.says).toMatch(/^embedding is apart by \d\.\d+ of its spread; \d+ against \d+; evidence/);
  });

  test("goes on where the wording is the same, and where it has no weight", () => {
    expect(run(0.2, 0)).toBeNull();
    expect(run(0, 0.5)).toBeNull();
  });

  test("has weights that add up to 1, and a distance that counts from a twentieth of the spread on", () => {
    const { metrics } = planWith(0.2);
    expect(metrics.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const metric = metrics.at(-1);
    if (metric === undefined) throw new Error("there is no metric");
    const random = randomFrom("sizes");
    const stateOf = (share: number) => {
      const plan = planWith(0.2);
      const state = startCanary({ plan, hash: "h", nowMs: 0 }).metrics["embedding"];
      if (state === undefined) throw new Error("there is no state");
      const [candidate, baseline] = [arm(random, 400, share), arm(random, 400, 0)];
      const witness = stepWitness(startWitness(), { candidate, baseline });
      return effectOf(plan, metric, { ...state, candidate: 400, baseline: 400, witness });
    };
    expect(isLarge(metric, stateOf(0.1))).toBe(true);
    expect(isLarge(metric, stateOf(0))).toBe(false);
  });
});
