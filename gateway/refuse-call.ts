import type { ServerResponse } from "node:http";
import { noUsage } from "../core/usage.ts";
import type { CallPlan } from "./call-start.ts";
import { callStart } from "./call-start.ts";
import { CallerResponse } from "./caller-response.ts";
import type { GatewayState } from "./gateway-state.ts";
import type { Refusal } from "./refusal.ts";

/** A call that a limit, or the keys of its provider, do not let through. */
export interface LimitedCall {
  readonly plan: CallPlan;
  readonly response: ServerResponse;
  readonly outcome: "over_budget" | "rate_limited" | "provider_error";
  readonly refusal: Refusal;
  readonly retryAfterS: number;
}

/** What stands on the record of a call that no target saw: a limit is no failure of the target that it would have gone to. */
const noTarget = { provider: "plumbline", variant: "none", serverAddress: null, serverPort: null } as const;

/** Answers a call that is refused before any attempt, and records it first: a flood of them must be seen. */
export const refuseCall = (state: GatewayState, args: LimitedCall): void => {
  const { plan, response, outcome, refusal, retryAfterS } = args;
  const call = state.recorder.start({ ...callStart(plan), ...noTarget, routeReason: refusal.code });
  call.end({
    outcome,
    errorType: refusal.code,
    httpStatus: null,
    modelServed: null,
    responseId: null,
    ttftMs: null,
    usage: noUsage,
    rawUsage: "",
    worstGapMs: null,
    finishReasons: [],
    attempts: 0,
    isFallback: false,
    region: null,
    moves: null,
    contentPolicy: plan.route.contentPolicy,
    inputMessages: null,
    outputMessages: null,
    inputCutBytes: 0,
    outputCutBytes: 0,
  });
  state.meter.add("gatewayCalls", 1, { route: plan.route.name, outcome });
  const { surface } = plan;
  const out = new CallerResponse({
    load: state.load,
    response,
    callId: call.callId,
    surface,
    serverTiming: null,
    onFull: () => {},
  });
  // The widespread client libraries try a 429 again unless this header says no; money does not come back in seconds.
  const advice: Record<string, string> = outcome === "over_budget" ? { "x-should-retry": "false" } : {};
  out.endWithError(refusal, { ...advice, "retry-after": String(retryAfterS) });
};
