import type { CanaryState } from "../../../alerts/canary/canary-state.ts";
import type { ArmLook, CanaryLook, Seen } from "../../../alerts/canary/look.ts";
import type { CanaryPlan } from "../../../alerts/canary/plan.ts";
import { canaryPlan } from "../../../alerts/canary/plan.ts";
import type { CanaryStep } from "../../../alerts/canary/step-canary.ts";
import { stepCanary } from "../../../alerts/canary/step-canary.ts";
import { binOf } from "../../../stats/histogram/bin.ts";
import { histogramOf } from "../../../stats/histogram/histogram.ts";

type PlanInput = Parameters<typeof canaryPlan.parse>[0];

/** A plan of one stage that is judged by errors alone, unless told otherwise. */
export const planOf = (more: Partial<Record<keyof CanaryPlan, unknown>> = {}): CanaryPlan => {
  const input: PlanInput = {
    stages: [{ name: "5%", share: 0.05, margin: 3, least: 100, timeoutMinutes: 60 }],
    metrics: [{ name: "errors", kind: "rate", weight: 1, mustPass: true }],
    ...more,
  };
  return canaryPlan.parse(input);
};

/** The histogram of some values. */
export const histogram = (values: readonly number[]): { bins: number[]; counts: number[] } => {
  const { bins, counts } = histogramOf(values.map((value) => [binOf(value), 1] as const));
  return { bins: [...bins], counts: [...counts] };
};

/** One arm with metrics; as many units are assigned as `assigned` says, none unless told. */
export const armOf = (metrics: Readonly<Record<string, Seen>>, assigned = 0): ArmLook => ({ assigned, metrics });

/** A look of five seconds, the so-manieth. */
export const lookOf = (number: number, arms: Partial<CanaryLook>): CanaryLook => ({
  hash: "a",
  endMs: number * 5_000,
  share: 0.05,
  candidate: armOf({}),
  baseline: armOf({}),
  ...arms,
});

/** A look that saw errors: [requests, bad] of the candidate and of the baseline. */
export const errorsLook = (
  number: number,
  candidate: readonly [number, number],
  baseline: readonly [number, number],
): CanaryLook =>
  lookOf(number, {
    candidate: armOf({ errors: { n: candidate[0], bad: candidate[1] } }),
    baseline: armOf({ errors: { n: baseline[0], bad: baseline[1] } }),
  });

/** Takes looks one after the other, each at its end; the last step. */
export const afterLooks = (plan: CanaryPlan, start: CanaryState, looks: readonly CanaryLook[]): CanaryStep => {
  const [first, ...rest] = looks;
  if (first === undefined) {
    throw new RangeError("no look");
  }
  const step = (state: CanaryState, look: CanaryLook): CanaryStep =>
    stepCanary({ plan, state, look, nowMs: look.endMs });
  return rest.reduce((before, look) => step(before.state, look), step(start, first));
};

/** As many as told, made from their numbers, which begin at 1. */
export const times = <T>(count: number, make: (number: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));
