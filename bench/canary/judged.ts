import type { CanaryState } from "../../alerts/canary/canary-state.ts";
import type { ArmLook } from "../../alerts/canary/look.ts";
import type { CanaryPlan } from "../../alerts/canary/plan.ts";
import type { CanaryStep } from "../../alerts/canary/step-canary.ts";
import { startCanary, stepCanary } from "../../alerts/canary/step-canary.ts";

/** What the judge is told of a span. */
export interface Span {
  readonly share: number;
  readonly candidate: ArmLook;
  readonly baseline: ArmLook;
}

/** Our judge at one rollout: it takes a look at each span and says where it stands. */
export const judged = (
  plan: CanaryPlan,
  references: Parameters<typeof startCanary>[0]["references"] = {},
): ((span: Span) => CanaryStep) => {
  let state: CanaryState = startCanary({ plan, hash: "bench", nowMs: 0, references });
  let endMs = 0;
  return (span) => {
    endMs += 5_000;
    const step = stepCanary({ plan, state, look: { hash: "bench", endMs, ...span }, nowMs: 0 });
    state = step.state;
    return step;
  };
};
