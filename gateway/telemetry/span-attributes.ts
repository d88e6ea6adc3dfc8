import type { Attributes } from "@opentelemetry/api";
import { genAi, general, partAttributes, plumbline } from "../../core/attributes.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { Usage } from "../../core/usage.ts";
import { usageParts } from "../../core/usage.ts";
import type { AttemptEnd, AttemptStart, CallMoves, CallStart } from "../call-recorder.ts";
import type { RecordedEnd } from "./spool-gate.ts";

/** What of its call an attempt's span repeats, so that it can be read alone. */
export type AttemptOf = Pick<CallStart, "operation" | "tenant" | "route" | "isStream">;

/** Attributes of a logical span at its start. What is null is left out, here and below. */
export const callStartAttributes = (start: CallStart): Attributes => ({
  [plumbline.span]: "call",
  [genAi.operationName]: start.operation,
  [genAi.providerName]: start.provider,
  [genAi.requestModel]: start.modelRequested,
  [genAi.requestStream]: start.isStream || undefined,
  [genAi.requestMaxTokens]: start.maxTokens ?? undefined,
  [plumbline.imposedMaxTokens]: start.imposedMaxTokens ?? undefined,
  [genAi.requestTemperature]: start.temperature ?? undefined,
  [genAi.conversationId]: start.session ?? undefined,
  [general.serverAddress]: start.serverAddress ?? undefined,
  [general.serverPort]: start.serverPort ?? undefined,
  [plumbline.tenant]: start.tenant,
  [plumbline.keyId]: start.keyId ?? undefined,
  [plumbline.userHash]: start.userHash ?? undefined,
  [plumbline.feature]: start.feature ?? undefined,
  [plumbline.route]: start.route,
  [plumbline.routeReason]: start.routeReason,
  [plumbline.variant]: start.variant,
  [plumbline.policyVersion]: start.policyVersion,
  [plumbline.modelPinned]: start.modelPinned ?? undefined,
  [plumbline.systemPromptHash]: start.systemPromptHash ?? undefined,
  [plumbline.toolsHash]: start.toolsHash ?? undefined,
});

/** Attributes that a logical span gets at its end; `gatewaySeq` counts the calls this gateway process has finished, from 1. */
export const callEndAttributes = ({ end, contentShed }: RecordedEnd, gatewaySeq: number): Attributes => ({
  ...attemptEndAttributes(end),
  [genAi.finishReasons]: end.finishReasons.length === 0 ? undefined : [...end.finishReasons],
  ...usageAttributes(end.usage),
  [plumbline.rawUsage]: end.rawUsage === "" ? undefined : end.rawUsage,
  [plumbline.worstGapMs]: end.worstGapMs ?? undefined,
  [plumbline.attempts]: end.attempts,
  [plumbline.isFallback]: end.isFallback,
  [plumbline.region]: end.region ?? undefined,
  ...moveAttributes(end.moves),
  [plumbline.contentPolicy]: end.contentPolicy,
  [plumbline.contentShed]: contentShed ?? undefined,
  [genAi.inputMessages]: end.inputMessages ?? undefined,
  [genAi.outputMessages]: end.outputMessages ?? undefined,
  [plumbline.inputCutBytes]: end.inputCutBytes || undefined,
  [plumbline.outputCutBytes]: end.outputCutBytes || undefined,
  [plumbline.gatewaySeq]: gatewaySeq,
});

const usageAttributes = (usage: Usage): Attributes => {
  const attributes: Attributes = {
    [genAi.inputTokens]: usage.inputTokens ?? undefined,
    [genAi.outputTokens]: usage.outputTokens ?? undefined,
    [genAi.cacheReadTokens]: usage.cacheReadTokens ?? undefined,
    [genAi.cacheWriteTokens]: usage.cacheWriteTokens ?? undefined,
    [genAi.reasoningTokens]: usage.reasoningTokens ?? undefined,
    [plumbline.serviceTier]: usage.tier ?? undefined,
    [plumbline.usageSource]: usage.source,
  };
  for (const part of usageParts) {
    attributes[partAttributes[part]] = usage.parts[part];
  }
  return attributes;
};

/** What is otherwise than it was when the call began. */
const moveAttributes = (moves: CallMoves | null): Attributes =>
  moves === null
    ? {}
    : {
        [genAi.providerName]: moves.provider,
        [general.serverAddress]: moves.serverAddress ?? undefined,
        [general.serverPort]: moves.serverPort ?? undefined,
        [plumbline.routeReason]: moves.routeReason,
        [plumbline.waste]: JSON.stringify(moves.wasted),
      };

/** Attributes of an attempt's span at its start. */
export const attemptStartAttributes = (start: AttemptStart, call: AttemptOf): Attributes => ({
  [plumbline.span]: "attempt",
  [genAi.operationName]: call.operation,
  [genAi.providerName]: start.provider,
  [genAi.requestModel]: start.model,
  [genAi.requestStream]: call.isStream || undefined,
  [general.serverAddress]: start.serverAddress ?? undefined,
  [general.serverPort]: start.serverPort ?? undefined,
  [plumbline.tenant]: call.tenant,
  [plumbline.route]: call.route,
  [plumbline.target]: start.target,
  [plumbline.providerKey]: start.providerKey ?? undefined,
  [plumbline.attempt]: start.number,
});

/** Attributes that an attempt's span gets at its end. Token counts stay on the logical span: a sum over spans is then right. */
export const attemptEndAttributes = (end: AttemptEnd): Attributes => ({
  [plumbline.outcome]: end.outcome,
  [general.errorType]: errorTypeOf(end) ?? undefined,
  [general.httpStatus]: end.httpStatus ?? undefined,
  [genAi.responseId]: end.responseId ?? undefined,
  [genAi.responseModel]: end.modelServed ?? undefined,
  [genAi.timeToFirstChunk]: end.ttftMs === null ? undefined : end.ttftMs / 1000,
  [plumbline.ttftMs]: end.ttftMs ?? undefined,
});

/** Type of the error that ended a span, and by which its status is Error; null when it ended well. */
export const errorTypeOf = (end: AttemptEnd): string | null =>
  end.errorType ?? (isSuccess(end.outcome) ? null : end.outcome);

const isSuccess = (outcome: Outcome): boolean => outcome === "ok" || outcome === "cache_hit";
