import type { IncomingHttpHeaders } from "node:http";
import { CallRecord } from "../call-record.ts";
import { callStart } from "../call-start.ts";
import { CallTimes } from "../call-times.ts";
import type { GatewayState } from "../gateway-state.ts";
import type { DrawnCall, ShadowDrop } from "./plan-shadow.ts";
import { planShadow } from "./plan-shadow.ts";
import { ShadowCall } from "./shadow-call.ts";

/** A call that is under way. */
export interface CastShadowArgs extends Omit<DrawnCall, "shadow"> {
  /** The caller's headers and body. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Args = CastShadowArgs & DrawnCall;

/** Sends a call a second time, where its route has a shadow and the call is drawn, once the present turn of the event loop is over. */
export const castShadow = (state: GatewayState, args: CastShadowArgs): void => {
  const { shadow } = args.plan.route;
  // What the shadow's target answers already needs no second look at the same target.
  if (shadow === null || args.plan.first.target.variant === shadow.target.variant) return;
  if (state.random() < shadow.share) {
    setImmediate(() => sendOrDrop(state, { ...args, shadow }));
  }
};

/** Nothing may be thrown from here: it would end the process, and every caller's call with it. */
const sendOrDrop = (state: GatewayState, args: Args): void => {
  const { meter, log } = state;
  const route = args.plan.route.name;
  try {
    const reason = send(state, args);
    if (reason !== null) meter.add("gatewayShadowsDropped", 1, { route, reason });
  } catch (error) {
    log.error({ err: error, route }, "a shadow could not be sent");
    meter.add("gatewayShadowsDropped", 1, { route, reason: "failed" });
  }
};

const send = (state: GatewayState, args: Args): ShadowDrop | null => {
  const { shadows } = state;
  const planned = planShadow(state, args);
  if (!planned.ok) return planned.reason;
  if (!shadows.take()) return "too_many";
  try {
    open(state, { ...args, plan: planned.plan }).start();
  } catch (error) {
    shadows.release();
    throw error;
  }
  return null;
};

const open = (state: GatewayState, { plan, body, headers }: CastShadowArgs): ShadowCall => {
  const { config, clock, meter, pins, shadows } = state;
  const call = state.recorder.start(callStart(plan));
  const times = new CallTimes(clock.monotonicMs());
  const rules = { policy: plan.route.contentPolicy, limitBytes: config.contentLimitBytes };
  const record = new CallRecord({ plan, call, hold: null, times, rules, clock, meter, pins, isShadow: true });
  // The key stands for the caller's call: a provider that saw it twice would answer one of the two with the other's answer.
  const { "idempotency-key": _, ...sentTwice } = headers;
  return new ShadowCall({ state, plan, call, record, headers: sentTwice, body, onOver: () => shadows.release() });
};
