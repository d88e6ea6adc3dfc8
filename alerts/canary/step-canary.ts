import type { CanaryState } from "./canary-state.ts";
import type { Reference } from "./freeze-metric.ts";
import { judgeCanary } from "./judge-canary.ts";
import type { Judgement } from "./judgement.ts";
import type { CanaryLook } from "./look.ts";
import type { CanaryPlan } from "./plan.ts";
import { isShared } from "./ratio-test.ts";
import { shareTest } from "./sample-shares.ts";
import { startMetric, stepMetric } from "./step-metric.ts";

/** What became of a look. */
export interface CanaryStep extends Judgement {
  readonly state: CanaryState;
  /** `counted`; `repeated`: it ended no later than the last one, or came after the end; `restarted`: it began a new process. */
  readonly look: "counted" | "repeated" | "restarted";
}

/**
 * The state before the first look. `references` are values of the baseline before the rollout by metric; a metric without them learns
 * from the baseline's first values, and compares from then on.
 */
export const startCanary = (args: {
  readonly plan: CanaryPlan;
  readonly hash: string;
  readonly nowMs: number;
  readonly references?: Readonly<Record<string, Reference>>;
}): CanaryState => ({
  hash: args.hash,
  stage: 0,
  startedMs: args.nowMs,
  stageStartedMs: args.nowMs,
  lastLookMs: args.nowMs,
  looks: 0,
  sampleRatio: { closed: 0, weights: [], units: [] },
  metrics: Object.fromEntries(
    args.plan.metrics.map((metric) => [
      metric.name,
      startMetric(args.plan, metric, args.references?.[metric.name] ?? null),
    ]),
  ),
  ended: null,
});

/** The state in another stage: its time and its count of units begin anew, the evidence goes on. */
export const enterStage = (state: CanaryState, stage: number, nowMs: number): CanaryState => ({
  ...state,
  stage,
  stageStartedMs: nowMs,
  metrics: Object.fromEntries(
    Object.entries(state.metrics).map(([name, metric]) => [name, { ...metric, beforeStage: metric.candidate }]),
  ),
});

/**
 * Takes one look and judges. Pure. A look that was counted before changes nothing; one with another hash begins a new process in the
 * first stage; after a fail or an invalid none counts, for a verdict that has moved traffic away must not change its mind.
 */
export const stepCanary = (args: {
  readonly plan: CanaryPlan;
  readonly state: CanaryState;
  readonly look: CanaryLook;
  readonly nowMs: number;
}): CanaryStep => {
  const { plan, look, nowMs } = args;
  const isRestarted = look.hash !== args.state.hash && look.endMs > args.state.lastLookMs;
  const before = isRestarted
    ? startCanary({ plan, hash: look.hash, nowMs: Math.min(nowMs, look.endMs - 1) })
    : args.state;
  if (look.hash !== before.hash || look.endMs <= before.lastLookMs || before.ended !== null) {
    return { ...judgeCanary(plan, before, nowMs), state: before, look: "repeated" };
  }
  const counted = countLook(plan, before, look);
  const judged = judgeCanary(plan, counted, nowMs);
  const ended = judged.verdict === "fail" || judged.verdict === "invalid" ? judged.verdict : null;
  return { ...judged, state: { ...counted, ended }, look: isRestarted ? "restarted" : "counted" };
};

const countLook = (plan: CanaryPlan, state: CanaryState, look: CanaryLook): CanaryState => ({
  ...state,
  lastLookMs: look.endMs,
  looks: state.looks + 1,
  sampleRatio: isShared(look.share) ? countShares(state.sampleRatio, look) : state.sampleRatio,
  metrics: Object.fromEntries(
    plan.metrics.map((metric) => {
      const { name } = metric;
      const before = state.metrics[name] ?? startMetric(plan, metric, null);
      const seen = {
        candidate: look.candidate.metrics[name],
        baseline: look.baseline.metrics[name],
        share: look.share,
        seed: `${look.hash} ${look.endMs}`,
      };
      return [name, stepMetric(before, seen, { plan, metric })];
    }),
  ),
});

const countShares = (state: CanaryState["sampleRatio"], look: CanaryLook): CanaryState["sampleRatio"] => {
  const { closed, weights, units } = shareTest.step(state, {
    weights: [look.share, 1 - look.share],
    units: [look.candidate.assigned, look.baseline.assigned],
  });
  return { closed, weights: [...weights], units: [...units] };
};
