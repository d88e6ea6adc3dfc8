import type { IncomingMessage } from "node:http";
import type { CallPlan } from "./call-start.ts";
import { readCallerHeaders } from "./caller-headers.ts";
import type { Chosen } from "./choose-target.ts";
import { chooseTarget } from "./choose-target.ts";
import { constrainRoute } from "./constraints/constrain-route.ts";
import type { GatewayState } from "./gateway-state.ts";
import { asKeySays } from "./keys/as-key-says.ts";
import { checkScope } from "./keys/check-scope.ts";
import type { VirtualKey } from "./keys/key-table.ts";
import { notFound } from "./not-found.ts";
import type { Pick } from "./pick-target.ts";
import type { Refusal } from "./refusal.ts";
import type { LimitedCall } from "./refuse-call.ts";
import { findRoute } from "./route-table.ts";
import type { Surface } from "./surfaces/surface.ts";

/** What is planned for a request: a call, one that has to wait for its provider's keys, or none at all. */
export type Planned =
  | { readonly ok: true; readonly plan: CallPlan }
  | (Omit<LimitedCall, "response"> & { readonly ok: false })
  | { readonly ok: false; readonly outcome: null; readonly plan: null; readonly refusal: Refusal };

/** A request of which no call is made. */
export const notCalled = (refusal: Refusal): Planned => ({ ok: false, outcome: null, plan: null, refusal });

/** What a caller sent. */
export interface Received {
  readonly surface: Surface;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly key: VirtualKey | null;
}

/** Plans a call: who it is for, which route it takes, and where its first attempt goes. */
export const planCall = (state: GatewayState, { surface, request, body, key }: Received): Planned => {
  const caller = readCallerHeaders(request.headers);
  if (!caller.ok) {
    return notCalled(caller.refusal);
  }
  const parsed = surface.parse(body);
  if (!parsed.ok) {
    return notCalled(parsed.refusal);
  }
  const { headers, chat } = asKeySays(key, { headers: caller.headers, chat: parsed.chat });
  const found = findRoute(state.routes, headers.route, chat.model);
  if (found.kind !== "found") {
    return notCalled(notFound(found.kind, { route: headers.route, model: chat.model }));
  }
  const forbidden = checkScope(key, { route: found.route.name, model: chat.model });
  if (forbidden !== null) {
    return notCalled(forbidden);
  }
  const demands = [...found.route.demands, ...(key?.demands ?? []), ...headers.demands];
  const constrained = constrainRoute(found.route, demands);
  const { route, note } = constrained;
  if (constrained.forbidden > 0) {
    state.meter.add("gatewayPassedOver", constrained.forbidden, { route: route.name, reason: "constraint" });
  }
  const choice = chooseTarget(state, { surface, chat, headers, route, body });
  if (!choice.ok && choice.held === null) {
    const isEmpty = choice.refusal.code === "request.unknown_route";
    return notCalled(isEmpty ? (constrained.refusal ?? choice.refusal) : choice.refusal);
  }
  const userHashKey = state.config.userHashKey ?? null;
  const policyVersion = state.routes.version;
  const asked = { surface, chat, headers, key, imposedMaxTokens: null, route, body, policyVersion };
  const reasonOf = ({ reason }: Pick): string => (note === null ? reason : `${reason}; ${note}`);
  const planFor = ({ pick, first }: Chosen): CallPlan => ({
    ...asked,
    pick: { ...pick, reason: reasonOf(pick) },
    first,
    userHashKey,
  });
  if (choice.ok) {
    return { ok: true, plan: planFor(choice) };
  }
  const { outcome, waitMs } = choice.held;
  const retryAfterS = Math.ceil(waitMs / 1_000);
  return { ok: false, refusal: choice.refusal, plan: planFor(choice.held), outcome, retryAfterS };
};
