import { shadowLabel } from "../../core/shadow.ts";
import type { OpenCall } from "../call-recorder.ts";
import type { CallPlan } from "../call-start.ts";
import type { GatewayState } from "../gateway-state.ts";
import { pickWire } from "../pick-wire.ts";
import { keyObstacle } from "../provider-keys/take-key.ts";
import type { RouteShadow } from "../route-table.ts";

/** Why a call that was drawn is not sent again. */
export type ShadowDrop = "draining" | "no_room" | "breaker_open" | "no_key" | "unsupported" | "too_many" | "failed";

/** What is sent again, or why nothing is. */
export type ShadowPlan =
  | { readonly ok: true; readonly plan: CallPlan }
  | { readonly ok: false; readonly reason: ShadowDrop };

/** A call that was drawn. */
export interface DrawnCall {
  readonly plan: CallPlan;
  readonly shadow: RouteShadow;
  /** The call that its caller gets the answer of. */
  readonly call: Pick<OpenCall, "callId" | "traceId">;
}

type State = Pick<
  GatewayState,
  "isDraining" | "hasRoom" | "health" | "providers" | "clock" | "keyRings" | "config" | "random"
>;

/**
 * Plans the shadow of a call: the same request for the shadow's target, as a child of the caller's call in its trace, with a
 * feature and a reason of its own. No key is charged for it.
 */
export const planShadow = (state: State, { plan, shadow, call }: DrawnCall): ShadowPlan => {
  const { target } = shadow;
  if (state.isDraining()) return { ok: false, reason: "draining" };
  if (!state.hasRoom().ok) return { ok: false, reason: "no_room" };
  if (!state.health.of(target).mayTake(state.clock.monotonicMs())) return { ok: false, reason: "breaker_open" };
  if (keyObstacle(state, { ...plan, provider: target.provider }) !== null) return { ok: false, reason: "no_key" };
  const provider = state.providers.get(target.provider);
  const { surface, chat } = plan;
  const picked = provider === undefined ? null : pickWire({ surface, chat, provider, providerKey: target.provider });
  if (provider === undefined || picked?.ok !== true) return { ok: false, reason: "unsupported" };
  const traceparent = `00-${call.traceId}-${call.callId}-01`;
  return {
    ok: true,
    plan: {
      ...plan,
      headers: { ...plan.headers, feature: shadowLabel, traceparent },
      key: null,
      pick: { target, reason: shadowLabel },
      first: { target, provider, wire: picked.wire },
    },
  };
};
