import type { IncomingMessage, ServerResponse } from "node:http";
import { CallAttempts } from "./attempts/call-attempts.ts";
import { drainFailure } from "./call-failure.ts";
import { CallRecord } from "./call-record.ts";
import type { CallPlan } from "./call-start.ts";
import { callStart } from "./call-start.ts";
import { readCallerHeaders } from "./caller-headers.ts";
import { chooseTarget } from "./choose-target.ts";
import type { GatewayState } from "./gateway-state.ts";
import { LiveCall } from "./live-call.ts";
import { readBody } from "./read-body.ts";
import type { Refusal } from "./refusal.ts";
import { findRoute } from "./route-table.ts";
import { sendRefusal } from "./send-refusal.ts";
import type { Surface } from "./surfaces/surface.ts";

/** What came in, and by which surface. */
export interface Incoming {
  readonly surface: Surface;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Serves the calls of every surface: refuses what is no call, and starts what is one. */
export const serveCall = async (state: GatewayState, { surface, request, response }: Incoming): Promise<void> => {
  const refuse = (refusal: Refusal): void => sendRefusal(response, refusal, { ...state, options: { surface } });
  const refusal = findObstacle(state, request);
  if (refusal !== null) {
    refuse(refusal);
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
  const planned = state.isDraining()
    ? { ok: false as const, refusal: draining }
    : planCall(state, { surface, request, body });
  if (planned.ok) {
    startCall({ state, request, response, body, plan: planned.plan });
  } else {
    refuse(planned.refusal);
  }
};

const draining = drainFailure.refusal;

/** Why no call can begin now, whatever it asks for; null when one can. */
const findObstacle = (state: GatewayState, request: IncomingMessage): Refusal | null => {
  if (state.isDraining()) {
    return draining;
  }
  const room = state.hasRoom();
  if (!room.ok) {
    return { code: room.code, message: `No call can be recorded at the moment: ${room.reason}`, param: null };
  }
  const encoding = request.headers["content-encoding"] ?? "identity";
  return encoding === "identity"
    ? null
    : { code: "request.malformed", message: "The body must not be compressed.", param: "content-encoding" };
};

type Planned = { readonly ok: true; readonly plan: CallPlan } | { readonly ok: false; readonly refusal: Refusal };

interface Received {
  readonly surface: Surface;
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

const planCall = (state: GatewayState, { surface, request, body }: Received): Planned => {
  const caller = readCallerHeaders(request.headers);
  if (!caller.ok) {
    return caller;
  }
  const parsed = surface.parse(body);
  if (!parsed.ok) {
    return parsed;
  }
  const { headers } = caller;
  const { chat } = parsed;
  const found = findRoute(state.routes, headers.route, chat.model);
  if (found.kind !== "found") {
    return { ok: false, refusal: notFound(found.kind, { route: headers.route, model: chat.model }) };
  }
  const { route } = found;
  const choice = chooseTarget(state, { surface, chat, headers, route });
  if (!choice.ok) {
    return choice;
  }
  const { pick, first } = choice;
  const userHashKey = state.config.userHashKey ?? null;
  const asked = { surface, chat, headers, route, policyVersion: state.routes.version };
  return { ok: true, plan: { ...asked, pick, first, userHashKey } };
};

const notFound = (
  kind: "unknown_route" | "unknown_model",
  asked: { readonly route: string | null; readonly model: string },
): Refusal =>
  kind === "unknown_route"
    ? { code: "request.unknown_route", message: `There is no route "${asked.route}".`, param: "x-plumbline-route" }
    : {
        code: "request.unknown_model",
        message: `The model '${asked.model}' does not exist or is not served here: see GET /v1/models.`,
        param: "model",
      };

interface StartArgs {
  readonly state: GatewayState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly plan: CallPlan;
}

const startCall = ({ state, request, response, body, plan }: StartArgs): void => {
  const { config, clock, meter } = state;
  const call = state.recorder.start(callStart(plan));
  const rules = { policy: plan.route.contentPolicy, limitBytes: config.contentLimitBytes };
  const record = new CallRecord({ plan, call, rules, clock, meter });
  const attempts = new CallAttempts({ plan, state });
  const { headers } = request;
  new LiveCall({ state, plan, call, record, attempts, response, headers, body }).start();
};
