import { noUsage } from "../../../core/usage.ts";
import type { AttemptEnd, AttemptStart, CallEnd, CallRecorder, CallStart } from "../../../gateway/call-recorder.ts";

/** A call of which only the necessary is known. */
export const bareStart: CallStart = {
  traceparent: null,
  tracestate: null,
  operation: "chat",
  tenant: "default",
  keyId: null,
  userHash: null,
  session: null,
  feature: null,
  route: "default",
  variant: "base",
  routeReason: "weights",
  policyVersion: "1",
  provider: "simulated",
  modelRequested: "sim-small",
  modelPinned: null,
  isStream: false,
  maxTokens: null,
  imposedMaxTokens: null,
  temperature: null,
  systemPromptHash: null,
  toolsHash: null,
  serverAddress: null,
  serverPort: null,
};

/** An attempt of which only the necessary is known. */
export const bareAttempt: AttemptStart = {
  number: 1,
  provider: "simulated",
  target: "simulated/sim-small",
  model: "sim-small",
  providerKey: null,
  serverAddress: null,
  serverPort: null,
};

/** An attempt that ended well and told nothing. */
export const bareAttemptEnd: AttemptEnd = {
  outcome: "ok",
  errorType: null,
  httpStatus: null,
  modelServed: null,
  responseId: null,
  ttftMs: null,
  usage: noUsage,
};

/** A call that ended well and told nothing. */
export const bareEnd: CallEnd = {
  ...bareAttemptEnd,
  rawUsage: "",
  worstGapMs: null,
  finishReasons: [],
  attempts: 1,
  isFallback: false,
  region: null,
  moves: null,
  contentPolicy: "none",
  inputMessages: null,
  outputMessages: null,
  inputCutBytes: 0,
  outputCutBytes: 0,
};

/** Records a call with one attempt, with as much text as asked for, and returns its id. */
export const recordCall = (recorder: CallRecorder, textBytes = 0): string => {
  const call = recorder.start(bareStart);
  call.startAttempt(bareAttempt).end(bareAttemptEnd);
  call.end(textBytes === 0 ? bareEnd : { ...bareEnd, contentPolicy: "full", outputMessages: "x".repeat(textBytes) });
  return call.callId;
};
