import type { IncomingMessage, ServerResponse } from "node:http";
import { CallAttempts } from "./attempts/call-attempts.ts";
import type { BudgetHold } from "./budgets/admission.ts";
import { admitCall } from "./budgets/admit-call.ts";
import { CallRecord } from "./call-record.ts";
import type { OpenCall } from "./call-recorder.ts";
import type { CallPlan } from "./call-start.ts";
import { callStart } from "./call-start.ts";
import { CallTimes } from "./call-times.ts";
import { draining, findObstacle } from "./find-obstacle.ts";
import type { GatewayState } from "./gateway-state.ts";
import { checkKey } from "./keys/check-key.ts";
import { LiveCall } from "./live-call.ts";
import { notCalled, planCall } from "./plan-call.ts";
import { readBody } from "./read-body.ts";
import type { Refusal } from "./refusal.ts";
import { refuseCall } from "./refuse-call.ts";
import { sendRefusal } from "./send-refusal.ts";
import { castShadow } from "./shadows/cast-shadow.ts";
import type { Surface } from "./surfaces/surface.ts";

/** What came in, and by which surface. */
export interface Incoming {
  readonly surface: Surface;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Serves the calls of every surface: refuses what is no call, and starts what is one. */
export const serveCall = async (state: GatewayState, { surface, request, response }: Incoming): Promise<void> => {
  const { clock } = state;
  const times = new CallTimes(clock.monotonicMs());
  state.queue.add(times);
  const refuse = (refusal: Refusal): void => sendRefusal(response, refusal, { ...state, options: { surface } });
  const refusal = findObstacle(state, request);
  if (refusal !== null) {
    refuse(refusal);
    return;
  }
  const caller = { headers: request.headers, takesApiKey: surface.wire === "messages" };
  const checked = checkKey(state.keys, caller, clock.nowMs());
  if (!checked.ok) {
    refuse(checked.refusal);
    return;
  }
  const read = await readBody(request, state.config.bodyLimitBytes);
  if (read.kind === "gone" || response.destroyed) {
    return;
  }
  if (read.kind === "too_large") {
    const message = `The body is larger than ${state.config.bodyLimitBytes} bytes.`;
    refuse({ code: "request.too_large", message, param: null });
    return;
  }
  const { body } = read;
  times.readMs = clock.monotonicMs();
  const planned = state.isDraining()
    ? notCalled(draining)
    : planCall(state, { surface, request, body, key: checked.key });
  times.plannedMs = clock.monotonicMs();
  const admitted = planned.ok ? admitCall(state, { plan: planned.plan, body }) : planned;
  times.admittedMs = clock.monotonicMs();
  if (admitted.ok) {
    startCall({ ...admitted, times, state, request, response });
  } else if (admitted.outcome === null || planned.plan === null) {
    refuse(admitted.refusal);
  } else {
    refuseCall(state, { ...admitted, plan: planned.plan, response });
  }
};

interface StartArgs {
  readonly state: GatewayState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly plan: CallPlan;
  /** What budgets hold for the call; null where none counts it. */
  readonly hold: BudgetHold | null;
  readonly times: CallTimes;
}

const startCall = ({ state, request, response, body, plan, hold, times }: StartArgs): void => {
  const { config, clock, meter, pins } = state;
  const call = openCall(state, plan, hold);
  const rules = { policy: plan.route.contentPolicy, limitBytes: config.contentLimitBytes };
  const record = new CallRecord({ plan, call, hold, times, rules, clock, meter, pins, isShadow: false });
  const attempts = new CallAttempts({ plan, state });
  const { headers } = request;
  new LiveCall({ state, plan, call, record, attempts, response, headers, body }).start();
  castShadow(state, { plan, call, headers, body });
};

/** What is reserved of a call that could not even begin is given back: else it would be held until the budget's window is over. */
const openCall = (state: GatewayState, plan: CallPlan, hold: BudgetHold | null): OpenCall => {
  try {
    return state.recorder.start(callStart(plan));
  } catch (error) {
    hold?.release();
    throw error;
  }
};
