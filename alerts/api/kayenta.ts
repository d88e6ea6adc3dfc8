import { z } from "zod";
import { namedPlans } from "../canary/plan.ts";
import type { Rollout } from "../rollouts/rollout.ts";
import type { RolloutsConfig } from "../rollouts/rollouts-config.ts";
import type { Standing } from "../rollouts/standing.ts";
import { standingOf } from "../rollouts/standing.ts";

const scope = z.object({ scope: z.string().min(1).max(256) });

/** What starts an execution. The experiment's scope names the canary: its id, or the name of a rollout whose traffic others shift. */
export const kayentaRequest = z.object({
  scopes: z
    .record(z.string(), z.object({ controlScope: scope.optional(), experimentScope: scope }))
    .refine((scopes) => Object.keys(scopes).length > 0, { message: "must hold a scope" }),
  thresholds: z.object({ pass: z.number().min(0).max(100), marginal: z.number().min(0).max(100) }),
});

/** What an execution is about, as its id says. */
export interface KayentaExecution {
  readonly canary: string;
  /** Place of the stage that is to be passed. */
  readonly stage: number;
  /** Score that stands for what can be told neither way. */
  readonly marginal: number;
}

/** The id of an execution: all there is to know of it, so that nothing has to be kept. */
export const executionId = ({ canary, stage, marginal }: KayentaExecution): string => `${canary}.${stage}.${marginal}`;

/** What an id is about; null when it is none of ours. */
export const parseExecution = (id: string): KayentaExecution | null => {
  const [, canary, stage, marginal] = /^(.+?)\.(\d{1,3})\.(\d{1,3}(?:\.\d+)?)$/.exec(id) ?? [];
  return canary === undefined ? null : { canary, stage: Number(stage), marginal: Number(marginal) };
};

/** The plans there are, as configurations of canaries; their names are their ids. */
export const canaryConfigs = ({
  plans,
}: Pick<RolloutsConfig, "plans">): readonly { readonly id: string; readonly name: string }[] =>
  [...new Set([...Object.keys(plans), ...Object.keys(namedPlans)])].map((name) => ({ id: name, name }));

/** Whether the stage of an execution is behind its canary, or passed now. */
export const isStagePassed = (canary: Rollout, { stage }: KayentaExecution): boolean => {
  const { verdict } = standingOf(canary);
  return verdict === "pass" || (verdict === "continue" && canary.judge.stage > stage);
};

/** How an execution stands: complete as soon as its stage is passed, or the canary failed or cannot be judged. */
export const executionAnswer = (canary: Rollout, execution: KayentaExecution): unknown => {
  const { verdict, reason } = standingOf(canary);
  const decided = isStagePassed(canary, execution) ? "pass" : verdict;
  if (decided === "continue") {
    return { complete: false, status: "running" };
  }
  const { score, classification } = scoreOf(decided, execution);
  const judged = { score: { score, classification, classificationReason: reason } };
  return { complete: true, status: "succeeded", result: { judgeResult: judged } };
};

const scoreOf = (verdict: Exclude<Standing["verdict"], "continue">, { marginal }: KayentaExecution) => {
  switch (verdict) {
    case "pass":
      return { score: 100, classification: "Pass" };
    case "invalid":
      return { score: marginal, classification: "Marginal" };
    case "fail":
      return { score: 0, classification: "Fail" };
  }
};
