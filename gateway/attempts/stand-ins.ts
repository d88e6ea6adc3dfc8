import type { CallPlan } from "../call-start.ts";
import type { GatewayState } from "../gateway-state.ts";
import { pickWire } from "../pick-wire.ts";
import type { Target } from "../route-table.ts";
import type { AttemptPlan } from "./attempt-plan.ts";

/** The targets that stand in for the one that was picked, in order. */
export const fallbacksOf = ({ route, pick }: Pick<CallPlan, "route" | "pick">): readonly Target[] =>
  route.fallbacks.get(pick.target.variant) ?? [];

/** Those of them that can serve the request and are not asked first. */
export const standIns = (plan: CallPlan, providers: GatewayState["providers"]): readonly AttemptPlan[] =>
  fallbacksOf(plan).flatMap((target) => {
    if (target === plan.first.target) return [];
    const provider = providers.get(target.provider);
    if (provider === undefined) return [];
    const { surface, chat } = plan;
    const picked = pickWire({ surface, chat, provider, providerKey: target.provider });
    return picked.ok ? [{ target, provider, wire: picked.wire }] : [];
  });
