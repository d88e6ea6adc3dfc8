import type { CanaryState } from "../canary/canary-state.ts";
import type { Effect } from "../canary/effect.ts";
import { judgeCanary } from "../canary/judge-canary.ts";
import type { Judgement, MetricJudgement } from "../canary/judgement.ts";
import type { Rollout } from "../rollouts/rollout.ts";
import { isExternal, shareOf } from "../rollouts/rollout.ts";
import { standingOf } from "../rollouts/standing.ts";

/** The judgement that a rollout's last look led to, worked out once a look, however often it is asked for. */
export type JudgementOf = (rollout: Rollout) => Judgement;

/** Makes a `JudgementOf`. */
export const createJudgementOf = (): JudgementOf => {
  const known = new WeakMap<CanaryState, Judgement>();
  return ({ plan, judge }) => {
    const found = known.get(judge) ?? judgeCanary(plan, judge, judge.lastLookMs);
    known.set(judge, found);
    return found;
  };
};

/** A canary as the API tells it. Logarithms are natural, shares from 0 to 1; null is what is not known, or not there. */
export const canaryView = (rollout: Rollout, { worst }: Judgement) => {
  const { plan, judge, external } = rollout;
  const stage = plan.stages[Math.min(judge.stage, plan.stages.length - 1)];
  return {
    id: rollout.id,
    route: rollout.route,
    candidate: rollout.candidate,
    unit: rollout.unit,
    plan: rollout.planName,
    traffic: external === null ? "gateway" : "external",
    external,
    status: rollout.status,
    verdict: standingOf(rollout).verdict,
    says: rollout.says,
    stage: { index: judge.stage, count: plan.stages.length, name: stage?.name ?? "", margin: stage?.margin ?? null },
    share: isExternal(rollout) ? null : shareOf(rollout),
    logEvidence: rollout.logEvidence,
    logBound: rollout.logBound,
    candidateCalls: rollout.candidateCalls,
    baselineCalls: rollout.baselineCalls,
    neededCalls: rollout.neededCalls,
    worst: worst === null ? null : metricView(worst),
    /** What it wants and was not granted yet, such as while telemetry cannot be relied on. */
    waitsFor: rollout.wish?.action ?? null,
    evals: rollout.evals,
    startedAtMs: rollout.startedAtMs,
    endedAtMs: rollout.endedAtMs,
  };
};

/** How a candidate stands by one metric, as the API tells it. */
export const metricView = ({ metric, candidate, baseline, logEvidence, effect, needed }: MetricJudgement) => ({
  metric: metric.name,
  unit: metric.unit,
  mustPass: metric.mustPass,
  candidate,
  baseline,
  logEvidence,
  effect: effect === null ? null : effectView(effect),
  neededToPass: needed?.toPass ?? null,
});

const effectView = ({ of, threshold, ratio, low, high, candidateShare, baselineShare }: Effect) => ({
  of,
  threshold,
  ratio,
  low,
  high,
  candidateShare,
  baselineShare,
});
