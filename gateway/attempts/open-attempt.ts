import type { IncomingHttpHeaders } from "node:http";
import { Answer } from "../answer.ts";
import type { AnswerOut } from "../answer-out.ts";
import type { AttemptStart, OpenCall } from "../call-recorder.ts";
import type { CallPlan } from "../call-start.ts";
import { headersForProvider } from "../caller-headers.ts";
import { heldCharacters } from "../capture.ts";
import type { GatewayState } from "../gateway-state.ts";
import { outgoingBody, translatedBody } from "../outgoing-body.ts";
import type { KeyLease } from "../provider-keys/key-lease.ts";
import { wires } from "../wires/wire.ts";
import type { AttemptPlan } from "./attempt-plan.ts";
import { AttemptRecord } from "./attempt-record.ts";
import type { AttemptOwner } from "./live-attempt.ts";
import { LiveAttempt } from "./live-attempt.ts";

/** What an attempt is opened from. */
export interface OpenAttemptArgs {
  readonly state: Pick<GatewayState, "config" | "clock" | "health" | "providerKeys">;
  readonly call: OpenCall;
  readonly plan: CallPlan;
  readonly at: AttemptPlan;
  /** The key to send it with; null where the provider has no several. */
  readonly key: KeyLease | null;
  /** From 1. */
  readonly number: number;
  /** The caller's headers and body. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly out: AnswerOut;
  readonly owner: AttemptOwner;
  /** Monotonic time, in milliseconds. */
  readonly startedMs: number;
}

/** Makes an attempt, with its span and the request in the target's format; it is not sent yet. */
export const openAttempt = (args: OpenAttemptArgs): LiveAttempt => {
  const { state, call, plan, at, key, body, out, owner, startedMs } = args;
  const { chat, surface, route } = plan;
  const { target, provider, wire } = at;
  const keepsText = route.contentPolicy !== "none";
  const answer = new Answer(keepsText ? heldCharacters(state.config.contentLimitBytes) : 0);
  const asksForUsage = wire === "chat" && chat.isStream && !chat.wantsUsage && provider.canStreamUsage;
  const model = target.model ?? chat.model;
  const isSame = surface.wire === wire;
  // Before anything is begun that would have to be ended, should the request not be possible to write.
  const sent = isSame
    ? outgoingBody(body, chat, { model: target.model, asksForUsage })
    : translatedBody({ wire, chat, model, asksForUsage });
  const span = call.startAttempt(attemptStart(args));
  return new LiveAttempt({
    plan: at,
    record: new AttemptRecord({
      attempt: span,
      answer,
      chat,
      startedMs,
      target,
      health: state.health.of(target),
      key,
      clock: state.clock,
    }),
    keyName: key?.name ?? null,
    request: {
      chat,
      wire,
      body: sent,
      model,
      callId: call.callId,
      traceparent: span.traceparent,
      tracestate: span.tracestate,
      headers: headersForProvider(args.headers, wires[wire].passedOn),
      apiKey: key?.secret() ?? state.providerKeys.singleKey(target.provider),
    },
    surface,
    labels: {
      callId: call.callId,
      model,
      createdS: Math.floor(state.clock.nowMs() / 1_000),
      wantsUsage: chat.wantsUsage,
      members: chat.members,
    },
    hidesUsage: asksForUsage && isSame,
    out,
    owner,
  });
};

const attemptStart = ({ plan: { chat }, at: { target, provider }, number, key }: OpenAttemptArgs): AttemptStart => {
  const model = target.model ?? chat.model;
  return {
    number,
    provider: provider.providerName(chat),
    target: `${target.provider}/${model}`,
    model,
    providerKey: key?.name ?? null,
    serverAddress: provider.serverAddress,
    serverPort: provider.serverPort,
  };
};
