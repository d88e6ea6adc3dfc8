import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CanaryState } from "../../../alerts/canary/canary-state.ts";
import { canaryState } from "../../../alerts/canary/canary-state.ts";
import type { ArmLook, CanaryLook } from "../../../alerts/canary/look.ts";
import { canaryLook } from "../../../alerts/canary/look.ts";
import { startCanary, stepCanary } from "../../../alerts/canary/step-canary.ts";
import { afterLooks, armOf, errorsLook, histogram, lookOf, planOf } from "./looks.ts";

const plan = planOf({
  metrics: [
    { name: "errors", kind: "rate", weight: 0.25, mustPass: true },
    { name: "ttft", kind: "quantiles", weight: 0.25, unit: "ms", mustPass: true },
    { name: "output_tokens", kind: "mean", weight: 0.25, unit: "tokens" },
    { name: "cost_per_success", kind: "per_success", weight: 0.25, unit: "$" },
  ],
});

/** A call that is counted by every metric at once. */
interface CallSeen {
  readonly isBad: boolean;
  readonly ttft: number;
  readonly tokens: number;
}

const call: fc.Arbitrary<CallSeen> = fc.record({
  isBad: fc.boolean(),
  ttft: fc.integer({ min: 0, max: 1_000 }),
  tokens: fc.integer({ min: 1, max: 500 }),
});
const calls = (most: number): fc.Arbitrary<CallSeen[]> => fc.array(call, { maxLength: most });

const armWith = (seen: readonly CallSeen[]): ArmLook => {
  const cost = (isBad: boolean) =>
    histogram(seen.filter((each) => each.isBad === isBad).map(({ tokens }) => tokens / 1_000));
  return armOf(
    {
      errors: { n: seen.length, bad: seen.filter(({ isBad }) => isBad).length },
      ttft: histogram(seen.map(({ ttft }) => ttft)),
      output_tokens: histogram(seen.map(({ tokens }) => tokens)),
      cost_per_success: { succeeded: cost(false), failed: cost(true) },
    },
    seen.length,
  );
};

const spread = Array.from({ length: 400 }, (_, index) => index);
const references = {
  ttft: { values: histogram(spread.map((index) => index * 2)), failed: histogram([]) },
  output_tokens: { values: histogram(spread.map((index) => index + 1)), failed: histogram([]) },
  cost_per_success: {
    values: histogram(spread.slice(0, 300).map((index) => (index + 1) / 1_000)),
    failed: histogram(spread.slice(300).map((index) => (index + 1) / 1_000)),
  },
};
const start = startCanary({ plan, hash: "a", nowMs: 0, references });

const look = (number: number, candidate: readonly CallSeen[], baseline: readonly CallSeen[]): CanaryLook =>
  lookOf(number, { candidate: armWith(candidate), baseline: armWith(baseline) });

const twoLooks = fc.tuple(calls(12), calls(30), calls(12), calls(30));
const stateAfter = ([a, b, c, d]: readonly CallSeen[][]): CanaryState =>
  afterLooks(plan, start, [look(1, a ?? [], b ?? []), look(2, c ?? [], d ?? [])]).state;

/** Everything that evidence rests on, without the counts of what was seen. */
const evidenceIn = (state: CanaryState) =>
  Object.values(state.metrics).map(({ questions, mean }) => ({
    questions: questions.map(({ harm, safety, likelihood, up, down }) => ({ harm, safety, likelihood, up, down })),
    mean,
  }));

/** Every choice of `size` among the first `of` places, as bits. */
const choices = (of: number, size: number): readonly number[] =>
  Array.from({ length: 2 ** of }, (_, bits) => bits).filter(
    (bits) => bits.toString(2).replaceAll("0", "").length === size,
  );

describe("a look", () => {
  test("that comes again changes nothing, and neither does one from before", () => {
    fc.assert(
      fc.property(twoLooks, calls(12), calls(30), (seen, candidate, baseline) => {
        const state = stateAfter(seen);
        for (const number of [1, 2]) {
          const repeated = stepCanary({ plan, state, look: look(number, candidate, baseline), nowMs: 10_000 });
          expect(repeated.look).toBe("repeated");
          expect(repeated.state).toBe(state);
        }
      }),
    );
  });

  test("with one arm alone is no evidence", () => {
    fc.assert(
      fc.property(twoLooks, calls(30), (seen, alone) => {
        const state = stateAfter(seen);
        const steps = [look(3, alone, []), look(3, [], alone)].map((one) =>
          stepCanary({ plan, state, look: one, nowMs: 15_000 }),
        );
        for (const { state: next } of steps) {
          expect(evidenceIn(next)).toEqual(evidenceIn(state));
        }
      }),
    );
  });

  test("without a bad unit in either arm is no evidence of harm or safety by comparison", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(500), (candidate, baseline) => {
        const errors = planOf();
        const before = afterLooks(errors, startCanary({ plan: errors, hash: "a", nowMs: 0 }), [
          errorsLook(1, [10, 3], [90, 2]),
        ]).state;
        const next = afterLooks(errors, before, [errorsLook(2, [candidate, 0], [baseline, 0])]).state;
        expect(evidenceIn(next)).toEqual(evidenceIn(before));
      }),
    );
  });
});

describe("the evidence of all metrics together", () => {
  test("is 1 on average over every way in which the same calls can fall on the arms", () => {
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 8, maxLength: 8 }),
        fc.array(call, { minLength: 6, maxLength: 6 }),
        (first, second) => {
          // One call of the candidate against all others: then their order within the look says nothing.
          const ways = choices(8, 1).flatMap((one) => choices(6, 1).map((two) => [one, two] as const));
          const total = ways.reduce((sum, [one, two]) => {
            const looks = [split(1, first, one), split(2, second, two)];
            return sum + Math.exp(afterLooks(plan, start, looks).logEvidence);
          }, 0);
          expect(total / ways.length).toBeCloseTo(1, 10);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("is so for larger arms where nothing is bet on means", () => {
    const withoutMeans = planOf({ metrics: plan.metrics.slice(0, 2).map((metric) => ({ ...metric, weight: 0.5 })) });
    const from = startCanary({ plan: withoutMeans, hash: "a", nowMs: 0, references });
    fc.assert(
      fc.property(fc.array(call, { minLength: 9, maxLength: 9 }), (seen) => {
        const ways = choices(9, 3);
        const total = ways.reduce(
          (sum, bits) => sum + Math.exp(afterLooks(withoutMeans, from, [split(1, seen, bits)]).logEvidence),
          0,
        );
        expect(total / ways.length).toBeCloseTo(1, 10);
      }),
      { numRuns: 50 },
    );
  });

  const split = (number: number, seen: readonly CallSeen[], bits: number): CanaryLook =>
    look(
      number,
      seen.filter((_, index) => (bits >> index) & 1),
      seen.filter((_, index) => !((bits >> index) & 1)),
    );
});

describe("the effect", () => {
  test("of arms that change places is its inverse, with its interval", () => {
    const errors = planOf();
    const from = startCanary({ plan: errors, hash: "a", nowMs: 0 });
    const counts = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 61, max: 200 }));
    fc.assert(
      fc.property(counts, counts, ([bad, n], [otherBad, otherN]) => {
        const one = afterLooks(errors, from, [errorsLook(1, [n, bad], [otherN, otherBad])]).worst?.effect;
        const two = afterLooks(errors, from, [errorsLook(1, [otherN, otherBad], [n, bad])]).worst?.effect;
        expect((one?.ratio ?? 0) * (two?.ratio ?? 0)).toBeCloseTo(1, 10);
        if (one?.low && two?.high) {
          expect(one.low).toBeLessThanOrEqual(one.ratio ?? 0);
          const isOnOneSide = (one.low - 1) * (1 - two.high) > -1e-12;
          expect(isOnOneSide).toBe(true);
        }
      }),
    );
  });
});

describe("a state", () => {
  test("survives JSON and goes on as if it had not been written", () => {
    fc.assert(
      fc.property(twoLooks, calls(12), calls(30), (seen, candidate, baseline) => {
        const state = stateAfter(seen);
        const read = canaryState.parse(JSON.parse(JSON.stringify(state)));
        expect(read).toEqual(state);
        const next = canaryLook.parse(JSON.parse(JSON.stringify(look(3, candidate, baseline))));
        expect(stepCanary({ plan, state: read, look: next, nowMs: 15_000 })).toEqual(
          stepCanary({ plan, state, look: next, nowMs: 15_000 }),
        );
      }),
    );
  });
});
