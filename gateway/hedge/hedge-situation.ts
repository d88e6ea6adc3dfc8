import type { IncomingHttpHeaders } from "node:http";
import type { AttemptPlan } from "../attempts/attempt-plan.ts";
import type { CallAttempts } from "../attempts/call-attempts.ts";
import { askedOutput } from "../budgets/output-limit.ts";
import { tokenBounds } from "../budgets/token-bounds.ts";
import { priceKey } from "../budgets/token-prices.ts";
import type { CallRecord } from "../call-record.ts";
import type { CallPlan } from "../call-start.ts";
import type { GatewayState } from "../gateway-state.ts";
import { keyObstacle } from "../provider-keys/take-key.ts";
import type { HedgeSituation } from "./decide-hedge.ts";
import { isRepeatable } from "./is-repeatable.ts";

/** What a situation is looked up from. */
export interface SituationArgs {
  readonly state: Pick<
    GatewayState,
    "config" | "clock" | "health" | "keyRings" | "random" | "hedges" | "budgets" | "isDraining"
  >;
  readonly plan: CallPlan;
  readonly attempts: CallAttempts;
  readonly record: Pick<CallRecord, "startedMs">;
  /** The caller's headers and body. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How things stand for a second attempt at this moment. */
export const hedgeSituation = (args: SituationArgs): HedgeSituation => {
  const { state, plan, attempts, headers, record } = args;
  const nowMs = state.clock.monotonicMs();
  return {
    isDraining: state.isDraining(),
    hasCanary: plan.route.canary !== null,
    isRepeatable: isRepeatable({ chat: plan.chat, wire: plan.surface.wire, headers }),
    hasAttempt: attempts.hasAttempt(nowMs - record.startedMs),
    options: attempts.left
      .filter(({ target }) => keyObstacle(state, { ...plan, provider: target.provider }) === null)
      .map((option) => ({
        plan: option,
        isAwake: state.health.of(option.target).mayTake(nowMs),
        worstNanos: worstAt(args, option),
      })),
    hasShare: state.hedges.has(plan.route.name),
  };
};

const worstAt = ({ state, plan, body }: SituationArgs, { target }: AttemptPlan): number | null => {
  const { chat, surface } = plan;
  const { budgets } = state.config;
  return state.budgets.worstAt(priceKey(target.provider, target.model ?? chat.model), (contextWindow) =>
    tokenBounds({
      chat,
      operation: surface.operation,
      body,
      maxOutput: askedOutput(chat) ?? budgets.maxOutputTokens,
      outsideInput: contextWindow ?? budgets.outsideInputTokens,
    }),
  );
};
