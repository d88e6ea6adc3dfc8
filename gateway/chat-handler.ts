import type { IncomingMessage, ServerResponse } from "node:http";
import { Answer } from "./answer.ts";
import type { BudgetHold } from "./budgets/admission.ts";
import { admitCall } from "./budgets/admit-call.ts";
import { CallRecord } from "./call-record.ts";
import type { AttemptStart } from "./call-recorder.ts";
import type { CallPlan } from "./call-start.ts";
import { callStart } from "./call-start.ts";
import { CallTimes } from "./call-times.ts";
import { headersForProvider, readCallerHeaders } from "./caller-headers.ts";
import { heldCharacters } from "./capture.ts";
import { draining, findObstacle } from "./find-obstacle.ts";
import type { GatewayState } from "./gateway-state.ts";
import { asKeySays } from "./keys/as-key-says.ts";
import { checkKey } from "./keys/check-key.ts";
import { checkScope } from "./keys/check-scope.ts";
import type { VirtualKey } from "./keys/key-table.ts";
import { LiveCall } from "./live-call.ts";
import { notFound } from "./not-found.ts";
import { outgoingBody, translatedBody } from "./outgoing-body.ts";
import { pickInCanary } from "./pick-in-canary.ts";
import { pickTarget } from "./pick-target.ts";
import { pickWire } from "./pick-wire.ts";
import type { Provider, ProviderRequest } from "./providers/provider.ts";
import { readBody } from "./read-body.ts";
import type { Refusal } from "./refusal.ts";
import { refuseCall } from "./refuse-call.ts";
import { findRoute } from "./route-table.ts";
import { sendRefusal } from "./send-refusal.ts";
import type { Surface } from "./surfaces/surface.ts";
import { wires } from "./wires/wire.ts";

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
    ? { ok: false as const, refusal: draining }
    : planCall(state, { surface, request, body, key: checked.key });
  times.plannedMs = clock.monotonicMs();
  const admitted = planned.ok ? admitCall(state, { plan: planned.plan, body }) : { ...planned, outcome: null };
  times.admittedMs = clock.monotonicMs();
  if (admitted.ok) {
    startCall({ ...admitted, times, state, request, response });
  } else if (admitted.outcome === null || !planned.ok) {
    refuse(admitted.refusal);
  } else {
    refuseCall(state, { ...admitted, plan: planned.plan, response });
  }
};

type Planned = { readonly ok: true; readonly plan: CallPlan } | { readonly ok: false; readonly refusal: Refusal };

interface Received {
  readonly surface: Surface;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly key: VirtualKey | null;
}

const planCall = (state: GatewayState, { surface, request, body, key }: Received): Planned => {
  const caller = readCallerHeaders(request.headers);
  if (!caller.ok) {
    return caller;
  }
  const parsed = surface.parse(body);
  if (!parsed.ok) {
    return parsed;
  }
  const { headers, chat } = asKeySays(key, { headers: caller.headers, chat: parsed.chat });
  const found = findRoute(state.routes, headers.route, chat.model);
  if (found.kind !== "found") {
    return { ok: false, refusal: notFound(found.kind, { route: headers.route, model: chat.model }) };
  }
  const { route } = found;
  const forbidden = checkScope(key, { route: route.name, model: chat.model });
  if (forbidden !== null) {
    return { ok: false, refusal: forbidden };
  }
  const { canary } = route;
  const pick =
    canary === null
      ? pickTarget({ targets: route.targets, u: state.random() })
      : pickInCanary({ ...headers, canary, user: chat.user, random: state.random });
  const provider = pick === null ? undefined : state.providers.get(pick.target.provider);
  if (pick === null || provider === undefined) {
    const message = `The route "${route.name}" has no target.`;
    return { ok: false, refusal: { code: "request.unknown_route", message, param: null } };
  }
  const picked = pickWire({ surface, chat, provider, providerKey: pick.target.provider });
  if (!picked.ok) {
    return picked;
  }
  const userHashKey = state.config.userHashKey ?? null;
  const asked = { surface, wire: picked.wire, chat, headers, key, imposedMaxTokens: null };
  return { ok: true, plan: { ...asked, route, policyVersion: state.routes.version, pick, provider, userHashKey } };
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
  const { config, clock, log, meter } = state;
  const call = state.recorder.start(callStart(plan));
  const { provider, chat, surface, wire } = plan;
  const attempt = call.startAttempt(attemptStart(plan, provider));
  const rules = { policy: plan.route.contentPolicy, limitBytes: config.contentLimitBytes };
  const keepsText = rules.policy !== "none";
  const answer = new Answer(keepsText ? heldCharacters(config.contentLimitBytes) : 0);
  const asksForUsage = wire === "chat" && chat.isStream && !chat.wantsUsage && provider.canStreamUsage;
  const model = plan.pick.target.model ?? chat.model;
  const isSame = surface.wire === wire;
  const outgoing: ProviderRequest = {
    chat,
    wire,
    body: isSame
      ? outgoingBody(body, chat, { model: plan.pick.target.model, asksForUsage })
      : translatedBody({ wire, chat, model, asksForUsage }),
    model,
    callId: call.callId,
    traceparent: attempt.traceparent,
    tracestate: attempt.tracestate,
    headers: headersForProvider(request.headers, wires[wire].passedOn),
  };
  new LiveCall({
    record: new CallRecord({ plan, call, attempt, answer, hold, times, rules, clock, meter, pins: state.pins }),
    answer,
    response,
    provider,
    providerKey: plan.pick.target.provider,
    request: outgoing,
    surface,
    labels: {
      callId: call.callId,
      model,
      createdS: Math.floor(clock.nowMs() / 1_000),
      wantsUsage: chat.wantsUsage,
      members: chat.members,
    },
    hidesUsage: asksForUsage && isSame,
    underWay: state.underWay,
    timeouts: config.timeouts,
    clock,
    log,
  }).start();
};

const attemptStart = (plan: CallPlan, provider: Provider): AttemptStart => {
  const { target } = plan.pick;
  const model = target.model ?? plan.chat.model;
  return {
    number: 1,
    provider: provider.providerName(plan.chat),
    target: `${target.provider}/${model}`,
    model,
    serverAddress: provider.serverAddress,
    serverPort: provider.serverPort,
  };
};
