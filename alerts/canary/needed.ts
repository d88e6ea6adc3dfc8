import { neededCount } from "../../stats/evidence/needed-count.ts";
import { safetyGrid } from "../../stats/evidence/ratio-grid.ts";
import type { MetricState } from "./canary-state.ts";
import type { CanaryMetric } from "./metric.ts";
import { demandedQuestion, logHarm, logSafety } from "./metric-evidence.ts";
import type { CanaryPlan, CanaryStage } from "./plan.ts";
import { gridOf } from "./step-question.ts";

/** Units of the candidate that are still needed, in the middle of the cases, at the baseline's rate so far. */
export interface Needed {
  /** To show the margin of the stage, if the candidate is like the baseline; 0 when it is shown, null when not known yet. */
  readonly toPass: number | null;
  /** To see the metric's least effect, if the candidate has it; null when not known yet. */
  readonly toFail: number | null;
}

const largestRate = 0.999;

/** How many units of the candidate a must-pass metric still needs; null for a metric that must not. */
export const neededOf = (
  metric: CanaryMetric,
  state: MetricState,
  { plan, stage }: { readonly plan: CanaryPlan; readonly stage: CanaryStage },
): Needed | null => {
  if (!metric.mustPass) {
    return null;
  }
  const question = demandedQuestion(state);
  if (question === undefined || state.baseline === 0) {
    return { toPass: null, toFail: null };
  }
  const rate = Math.min(largestRate, question.baselineYes / state.baseline);
  const logBound = -Math.log(plan.alphaPass);
  const shown = logSafety(plan, state, stage.margin) ?? 0;
  return {
    toPass: shown >= logBound ? 0 : remaining(passCount({ metric, rate, plan, stage }), shown / logBound),
    toFail:
      rate === 0
        ? null
        : remaining(failCount(metric, rate, plan), logHarm(metric, state) / -Math.log(plan.alphaFail * metric.weight)),
  };
};

/** What is left of a count when so much of the evidence is there; evidence to the contrary does not make it more. */
const remaining = (count: number | null, progress: number): number | null =>
  count === null || !Number.isFinite(count)
    ? null
    : Math.max(1, Math.ceil(count * (1 - Math.min(1, Math.max(0, progress)))));

/** The lesser of what the margin and what the negligible rate takes. */
const passCount = (args: {
  readonly metric: CanaryMetric;
  readonly rate: number;
  readonly plan: CanaryPlan;
  readonly stage: CanaryStage;
}): number | null => {
  const { metric, rate, plan, stage } = args;
  const byMargin =
    rate === 0
      ? Number.POSITIVE_INFINITY
      : neededCount({
          nullRate: Math.min(largestRate, rate * stage.margin),
          trueRate: rate,
          alpha: plan.alphaPass,
          gridPoints: safetyGrid.length,
        });
  const canBeNegligible = metric.kind === "rate" && plan.unit === "request" && rate < metric.negligible / 2;
  const byRate = canBeNegligible
    ? neededCount({
        nullRate: metric.negligible,
        trueRate: Math.max(rate, metric.negligible / 100),
        alpha: plan.alphaPass / 5,
        gridPoints: 3,
      })
    : Number.POSITIVE_INFINITY;
  const least = Math.min(byMargin, byRate);
  return Number.isFinite(least) ? least : null;
};

const failCount = (metric: CanaryMetric, rate: number, plan: CanaryPlan): number => {
  const nullRate = Math.min(largestRate, rate * metric.tolerated);
  return neededCount({
    nullRate,
    trueRate: Math.min(largestRate, nullRate * Math.max(metric.leastEffect, 1.01)),
    alpha: plan.alphaFail * metric.weight,
    gridPoints: gridOf(metric).length,
  });
};
