import type { Judgement } from "../canary/judgement.ts";
import type { Rollout, Wish } from "./rollout.ts";
import { evalsOf, isExternal, isInternal, shareOf } from "./rollout.ts";

/**
 * What a rollout wants to be changed after it was judged: nothing, the next stage, all traffic, or none. A failed eval takes the
 * candidate back, and one that is missing keeps it in its first stage. A stage without a share has nothing but evals to be left by.
 * Where others shift the traffic, they ask when to go on.
 */
export const wishOf = (rollout: Rollout, judged: Judgement): Wish | null => {
  const evals = evalsOf(rollout);
  const failedEval = evals.find(({ isPassed }) => !isPassed);
  if ((rollout.needsEvals || isInternal(rollout)) && failedEval !== undefined) {
    return { ...rollback(rollout), reason: `the eval ${failedEval.name} failed` };
  }
  if (isInternal(rollout)) {
    const names = evals.map(({ name }) => name).join(", ");
    return evals.length === 0 ? null : forward(rollout, `stage ${judged.stage.name}: passed ${names}`);
  }
  switch (judged.verdict) {
    case "fail":
      return { ...rollback(rollout), reason: judged.says };
    case "invalid":
      return { ...rollback(rollout), status: "invalid", reason: judged.says };
    case "pass":
      return isExternal(rollout) || lacksEvals(rollout) ? null : forward(rollout, judged.says);
    case "hold":
    case "continue":
      return null;
  }
};

/** Whether it stays in its first stage because no eval of it was posted yet. */
export const lacksEvals = (rollout: Rollout): boolean =>
  rollout.needsEvals && rollout.judge.stage === 0 && evalsOf(rollout).length === 0;

const rollback = ({ judge }: Rollout): Omit<Wish, "reason"> => ({
  action: "rollback",
  share: 0,
  stage: judge.stage,
  status: "rolled_back",
});

const forward = (rollout: Rollout, reason: string): Wish => {
  const { stage } = rollout.judge;
  const next = rollout.plan.stages[stage + 1];
  if (next === undefined) {
    return { action: "promote", share: 1, stage, status: "promoted", reason };
  }
  const isAll = next.share === 1;
  return {
    action: isAll ? "promote" : "step",
    share: next.share,
    stage: stage + 1,
    status: isAll ? "promoted" : "running",
    reason,
  };
};

/** Whether a wish changes the traffic, and not only what the rollout is called. */
export const movesTraffic = (rollout: Rollout, { share }: Wish): boolean =>
  !isExternal(rollout) && share !== shareOf(rollout);

/** A rollout whose candidate has all traffic by the configuration has come to its end: somebody has promoted it. */
export const withAllTraffic = (rollout: Rollout): Rollout => ({
  ...rollout,
  wish: {
    ...{ action: "promote", share: 1, stage: rollout.judge.stage, status: "promoted" },
    reason: "the configuration gives it all traffic of the route",
  },
});

/** A rollout whose candidate is not configured any more wants to end. */
export const withoutCandidate = (rollout: Rollout): Rollout => ({
  ...rollout,
  wish: {
    ...rollback(rollout),
    status: "aborted",
    reason: `the target ${rollout.candidate} is not configured any more`,
  },
});
