import { describe, expect, test } from "vitest";
import type { CanaryLook } from "../../../alerts/canary/look.ts";
import { startCanary } from "../../../alerts/canary/step-canary.ts";
import { afterLooks, armOf, histogram, lookOf, planOf, times } from "./looks.ts";

describe("slower, longer and dearer answers", () => {
  const metrics = [
    { name: "ttft", kind: "quantiles", weight: 0.25, unit: "ms", mustPass: true },
    { name: "output_tokens", kind: "mean", weight: 0.25, unit: "tokens", leastEffect: 1.05 },
    { name: "cost_per_success", kind: "per_success", weight: 0.5, unit: "$", leastEffect: 1.05 },
  ];
  const numbers = planOf({ metrics });
  /** Twenty values around a middle, none of them twice. */
  const around = (middle: number, number: number): number[] =>
    Array.from({ length: 20 }, (_, step) => middle * (0.5 + (((step * 7 + number * 3) % 20) + 0.5) / 20));
  const lookWith = (number: number, factors: { ttft?: number; tokens?: number; failed?: number }): CanaryLook => {
    const arm = ({ ttft = 1, tokens = 1, failed = 0 }: typeof factors) =>
      armOf({
        ttft: histogram(around(600 * ttft, number)),
        output_tokens: histogram(around(400 * tokens, number)),
        cost_per_success: {
          succeeded: histogram(around(0.01, number).slice(failed)),
          failed: histogram(around(0.01, number).slice(0, failed)),
        },
      });
    return lookOf(number, { candidate: arm(factors), baseline: arm({}) });
  };
  const judge = (factors: { ttft?: number; tokens?: number; failed?: number }) =>
    afterLooks(
      numbers,
      startCanary({ plan: numbers, hash: "a", nowMs: 0 }),
      times(150, (number) => lookWith(number, factors)),
    );

  test("in neither arm fail nobody", () => {
    expect(judge({})).toMatchObject({ verdict: "pass", reason: "shown" });
  });

  test("in the candidate fail it, each by its metric", () => {
    expect(judge({ ttft: 1.25 }).says).toMatch(/^ttft above \d+ ms: \d+\.\d% against \d+\.\d%: /);
    expect(judge({ tokens: 1.3 }).says).toMatch(
      /^output tokens mean: 1\.2\d times the baseline, 95% interval 1\.\d+ to 1\.\d+; /,
    );
    expect(judge({ failed: 6 }).says).toMatch(/^cost per success mean: 1\.3\d times the baseline/);
  });

  test("are not looked for before the baseline is known", () => {
    const judged = afterLooks(
      numbers,
      startCanary({ plan: numbers, hash: "a", nowMs: 0 }),
      times(14, (n) => lookWith(n, { ttft: 3 })),
    );
    expect(judged).toMatchObject({
      verdict: "continue",
      reason: "learning",
      needed: null,
      logEvidence: 0,
      worst: null,
    });
  });

  test("are compared from the first look where the baseline's values were known before", () => {
    const values = histogram(times(400, (number) => 300 + 600 * (number / 400)));
    const known = { values, failed: histogram([]) };
    const state = startCanary({ plan: numbers, hash: "a", nowMs: 0, references: { ttft: known } });
    expect(afterLooks(numbers, state, [lookWith(1, { ttft: 3 })]).logEvidence).toBeGreaterThan(0);
  });
});
