import type { CanaryState, MetricState } from "./canary-state.ts";
import { effectOf, isLarge } from "./effect.ts";
import type { Judgement, MetricJudgement } from "./judgement.ts";
import type { CanaryMetric } from "./metric.ts";
import { logHarm, logHarmOfAll, logSafety } from "./metric-evidence.ts";
import { neededOf } from "./needed.ts";
import type { CanaryPlan, CanaryStage } from "./plan.ts";
import { logSampleRatioBound, shareTest } from "./sample-shares.ts";
import { sayVerdict } from "./say-verdict.ts";

/**
 * Judges a state: pure, and the same state at the same time is judged the same. Fails at evidence 1/alphaFail that any metric is
 * worse, if the worst of them is worse by its least effect; passes a stage when every must-pass metric is shown to stay below the
 * stage's margin at 1/alphaPass with enough units in the stage. What arms without their shares show counts for nothing.
 */
export const judgeCanary = (plan: CanaryPlan, state: CanaryState, nowMs: number): Judgement => {
  const stage = stageOf(plan, state.stage);
  const metrics = plan.metrics.flatMap((metric) => {
    const one = state.metrics[metric.name];
    return one === undefined ? [] : [judgeMetric(metric, one, { plan, stage })];
  });
  const found = {
    stage,
    metrics,
    logEvidence: logHarmOfAll(plan, state),
    logBound: -Math.log(plan.alphaFail),
    logSampleRatio: shareTest.logEvidence(state.sampleRatio),
    worst: worstOf(metrics),
  };
  const missing = missingOf(plan, state, metrics);
  const decision = decide({ plan, state, nowMs, missing, ...found });
  const needed = decision.verdict === "pass" ? 0 : missing;
  const judged = { ...found, ...decision, needed };
  return { ...judged, says: sayVerdict(plan, judged) };
};

/** The stage at a place of the plan; the last where the plan has fewer. */
const stageOf = ({ stages }: CanaryPlan, place: number): CanaryStage => {
  const stage = stages[place] ?? stages.at(-1);
  if (stage === undefined) {
    throw new RangeError("a plan without a stage");
  }
  return stage;
};

const judgeMetric = (
  metric: CanaryMetric,
  state: MetricState,
  { plan, stage }: { readonly plan: CanaryPlan; readonly stage: CanaryStage },
): MetricJudgement => ({
  metric,
  candidate: state.candidate,
  baseline: state.baseline,
  logEvidence: logHarm(metric, state),
  logSafety: metric.mustPass ? logSafety(plan, state, stage.margin) : null,
  effect: effectOf(plan, metric, state),
  needed: neededOf(metric, state, { plan, stage }),
});

const worstOf = (metrics: readonly MetricJudgement[]): MetricJudgement | null => {
  const weighed = ({ metric, logEvidence }: MetricJudgement): number => logEvidence + Math.log(metric.weight);
  return metrics.filter(({ effect }) => effect !== null).toSorted((a, b) => weighed(b) - weighed(a))[0] ?? null;
};

/** What the metric that needs most, or the stage itself, still needs of the candidate; 0 when all is shown, null when not known. */
const missingOf = (plan: CanaryPlan, state: CanaryState, metrics: readonly MetricJudgement[]): number | null => {
  const { least } = stageOf(plan, state.stage);
  const all = metrics
    .filter(({ metric }) => metric.mustPass)
    .map(({ metric, candidate, needed }) => {
      const inStage = candidate - (state.metrics[metric.name]?.beforeStage ?? 0);
      const toPass = needed?.toPass ?? null;
      return toPass === null ? null : Math.max(toPass, least - inStage, 0);
    });
  return all.length === 0 || all.includes(null) ? null : Math.max(...all.map((missing) => missing ?? 0));
};

interface Found {
  readonly plan: CanaryPlan;
  readonly state: CanaryState;
  readonly nowMs: number;
  readonly stage: CanaryStage;
  readonly logEvidence: number;
  readonly logBound: number;
  readonly logSampleRatio: number;
  readonly worst: MetricJudgement | null;
  readonly missing: number | null;
}

const decide = (found: Found): Pick<Judgement, "verdict" | "reason"> => {
  const { plan, state, nowMs, stage, worst } = found;
  if (state.ended === "invalid" || found.logSampleRatio >= logSampleRatioBound) {
    return { verdict: "invalid", reason: "sample_ratio" };
  }
  const isHarm = found.logEvidence >= found.logBound;
  if (state.ended === "fail" || (isHarm && worst !== null && isLarge(worst.metric, worst.effect))) {
    return { verdict: "fail", reason: "harm" };
  }
  if (stage.share === 1 && state.stage >= plan.stages.length - 1) {
    return { verdict: "pass", reason: "complete" };
  }
  // What is surely worse, if only a little, is not promoted on the ground that it is not much worse.
  if (found.missing === 0 && !isHarm) {
    return { verdict: "pass", reason: "shown" };
  }
  if (nowMs - state.stageStartedMs >= stage.timeoutMinutes * 60_000) {
    return { verdict: "hold", reason: "timeout" };
  }
  if (isHarm) {
    return { verdict: "continue", reason: "small_effect" };
  }
  return { verdict: "continue", reason: found.missing === null ? "learning" : "undecided" };
};
