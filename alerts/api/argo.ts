import { z } from "zod";
import type { Judgement } from "../canary/judgement.ts";
import type { CanaryPlan } from "../canary/plan.ts";
import type { Rollout } from "../rollouts/rollout.ts";
import { standingOf } from "../rollouts/standing.ts";

const name = z.string().max(256);

/** What an AnalysisTemplate sends. Arguments that are not used come as empty texts. */
export const argoRequest = z.object({
  /** The canary's id, or the name of a rollout whose traffic others shift, with or without `NAMESPACE/`. */
  rollout: name.min(1),
  /** Stage of the plan that is asked about, by its place from 0 or its name. */
  stage: z
    .union([name, z.int().min(0)])
    .transform(String)
    .default(""),
  /** Hash of what is on trial. */
  hash: name.default(""),
  /** With these a canary that is not known yet is started. */
  route: name.default(""),
  candidate: name.default(""),
  baseline: name.default(""),
  plan: name.default(""),
});

/** What an AnalysisTemplate sends. */
export type ArgoRequest = z.infer<typeof argoRequest>;

/** The place of a stage that is asked for; null when none is, or there is none of that name. */
export const stageAsked = ({ stages }: CanaryPlan, asked: string): number | null => {
  if (asked === "") {
    return null;
  }
  const place = /^\d{1,3}$/.test(asked) ? Number(asked) : stages.findIndex((stage) => stage.name === asked);
  return place < 0 ? null : Math.min(place, stages.length - 1);
};

/** The answer to an analysis: the canary's standing, what it rests on, and how much is still needed. */
export const argoAnswer = (canary: Rollout, { worst }: Judgement, stage: number | null) => {
  const standing = standingOf(canary);
  // A stage that was left has been passed.
  const isPassed = standing.verdict === "continue" && stage !== null && stage < canary.judge.stage;
  return {
    verdict: isPassed ? "pass" : standing.verdict,
    reason: isPassed ? "the stage was passed" : standing.reason,
    logE: canary.logEvidence,
    threshold: canary.logBound,
    nCanary: canary.candidateCalls,
    nNeeded: canary.neededCalls,
    worst:
      worst === null || worst.effect === null
        ? null
        : { metric: worst.metric.name, rr: worst.effect.ratio, lo: worst.effect.low, hi: worst.effect.high },
    evidenceId: canary.id,
  };
};

/** The answer about a canary that nobody has started: undecided, for that is no fault of the candidate. */
export const argoUnknown = (rollout: string) => ({
  verdict: "continue",
  reason: `nobody has started a canary "${rollout}"`,
  logE: 0,
  threshold: null,
  nCanary: 0,
  nNeeded: null,
  worst: null,
  evidenceId: null,
});
