import { enterStage } from "../canary/step-canary.ts";
import type { Rollout } from "./rollout.ts";
import { isExternal, isUnderWay } from "./rollout.ts";
import { standingOf } from "./standing.ts";

/**
 * The rollout of others once they have used up that its stage was passed: it is in the next one, where more is to be shown. The
 * last stage stays passed while nothing speaks against it. Null when there is nothing to use up.
 */
export const passStage = (rollout: Rollout, nowMs: number): Rollout | null => {
  if (!isExternal(rollout) || !isUnderWay(rollout) || standingOf(rollout).verdict !== "pass") {
    return null;
  }
  const { judge, plan } = rollout;
  const next = plan.stages[judge.stage + 1];
  if (next === undefined) {
    return rollout;
  }
  return {
    ...rollout,
    status: "running",
    verdict: "continue",
    neededCalls: null,
    says: `stage ${next.name} begins`,
    judge: enterStage(judge, judge.stage + 1, nowMs),
  };
};
