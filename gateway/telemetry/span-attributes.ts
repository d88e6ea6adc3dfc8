import { genAi, general, partAttributes, plumbline } from "../../core/attributes.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { Usage } from "../../core/usage.ts";
import { usageParts } from "../../core/usage.ts";
import type { AttemptEnd, AttemptStart, CallStart } from "../call-recorder.ts";
import type { RecordedEnd } from "./spool-gate.ts";

/** The value of an attribute; a text, number or truth, or a list of texts. */
export type AttributeValue = string | number | boolean | readonly string[];

/** Takes the attributes of a span, each at most once. What is null is left out. */
export interface AttributeSink {
  readonly put: (name: string, value: AttributeValue | null) => void;
}

/** Tells a sink the attributes of one span. */
export type PutAttributes = (to: AttributeSink) => void;

/** What of its call an attempt's span repeats, so that it can be read alone. */
export type AttemptOf = Pick<CallStart, "operation" | "tenant" | "route" | "isStream">;

/** What the logical span of a call tells. */
export interface CallFacts {
  readonly start: CallStart;
  readonly recorded: RecordedEnd;
  /** Counts the calls this gateway process has finished, from 1. */
  readonly gatewaySeq: number;
}

/** Puts the attributes of a call's logical span. */
export const putCall = (to: AttributeSink, { start, recorded, gatewaySeq }: CallFacts): void => {
  const { end, contentShed } = recorded;
  to.put(plumbline.span, "call");
  putCallStart(to, start);
  putAsked(to, end.moves ?? start);
  putAttemptEnd(to, end);
  putUsage(to, end.usage);
  to.put(genAi.finishReasons, end.finishReasons.length === 0 ? null : end.finishReasons);
  to.put(plumbline.rawUsage, end.rawUsage === "" ? null : end.rawUsage);
  to.put(plumbline.worstGapMs, end.worstGapMs);
  to.put(plumbline.attempts, end.attempts);
  to.put(plumbline.isFallback, end.isFallback);
  to.put(plumbline.region, end.region);
  to.put(plumbline.waste, end.moves === null ? null : JSON.stringify(end.moves.wasted));
  to.put(plumbline.contentPolicy, end.contentPolicy);
  to.put(plumbline.contentShed, contentShed);
  to.put(genAi.inputMessages, end.inputMessages);
  to.put(genAi.outputMessages, end.outputMessages);
  to.put(plumbline.inputCutBytes, end.inputCutBytes === 0 ? null : end.inputCutBytes);
  to.put(plumbline.outputCutBytes, end.outputCutBytes === 0 ? null : end.outputCutBytes);
  to.put(plumbline.gatewaySeq, gatewaySeq);
};

/** What is known when a call starts and stays so. */
const putCallStart = (to: AttributeSink, start: CallStart): void => {
  to.put(genAi.operationName, start.operation);
  to.put(genAi.requestModel, start.modelRequested);
  to.put(genAi.requestStream, start.isStream ? true : null);
  to.put(genAi.requestMaxTokens, start.maxTokens);
  to.put(plumbline.imposedMaxTokens, start.imposedMaxTokens);
  to.put(genAi.requestTemperature, start.temperature);
  to.put(genAi.conversationId, start.session);
  to.put(plumbline.tenant, start.tenant);
  to.put(plumbline.keyId, start.keyId);
  to.put(plumbline.userHash, start.userHash);
  to.put(plumbline.feature, start.feature);
  to.put(plumbline.route, start.route);
  to.put(plumbline.variant, start.variant);
  to.put(plumbline.policyVersion, start.policyVersion);
  to.put(plumbline.modelPinned, start.modelPinned);
  to.put(plumbline.systemPromptHash, start.systemPromptHash);
  to.put(plumbline.toolsHash, start.toolsHash);
};

/** Who was asked last, and why. */
const putAsked = (
  to: AttributeSink,
  asked: Pick<CallStart, "provider" | "serverAddress" | "serverPort" | "routeReason">,
): void => {
  to.put(genAi.providerName, asked.provider);
  to.put(general.serverAddress, asked.serverAddress);
  to.put(general.serverPort, asked.serverPort);
  to.put(plumbline.routeReason, asked.routeReason);
};

const putUsage = (to: AttributeSink, usage: Usage): void => {
  to.put(genAi.inputTokens, usage.inputTokens);
  to.put(genAi.outputTokens, usage.outputTokens);
  to.put(genAi.cacheReadTokens, usage.cacheReadTokens);
  to.put(genAi.cacheWriteTokens, usage.cacheWriteTokens);
  to.put(genAi.reasoningTokens, usage.reasoningTokens);
  to.put(plumbline.serviceTier, usage.tier);
  to.put(plumbline.usageSource, usage.source);
  for (const part of usageParts) {
    to.put(partAttributes[part], usage.parts[part] ?? null);
  }
};

/** What an attempt's span tells. Token counts stay on the logical span: a sum over spans is then right. */
export interface AttemptFacts {
  readonly start: AttemptStart;
  readonly call: AttemptOf;
  readonly end: AttemptEnd;
}

/** Puts the attributes of an attempt's span. */
export const putAttempt = (to: AttributeSink, { start, call, end }: AttemptFacts): void => {
  to.put(plumbline.span, "attempt");
  to.put(genAi.operationName, call.operation);
  to.put(genAi.providerName, start.provider);
  to.put(genAi.requestModel, start.model);
  to.put(genAi.requestStream, call.isStream ? true : null);
  to.put(general.serverAddress, start.serverAddress);
  to.put(general.serverPort, start.serverPort);
  to.put(plumbline.tenant, call.tenant);
  to.put(plumbline.route, call.route);
  to.put(plumbline.target, start.target);
  to.put(plumbline.providerKey, start.providerKey);
  to.put(plumbline.attempt, start.number);
  putAttemptEnd(to, end);
};

const putAttemptEnd = (to: AttributeSink, end: AttemptEnd): void => {
  to.put(plumbline.outcome, end.outcome);
  to.put(general.errorType, errorTypeOf(end));
  to.put(general.httpStatus, end.httpStatus);
  to.put(genAi.responseId, end.responseId);
  to.put(genAi.responseModel, end.modelServed);
  to.put(genAi.timeToFirstChunk, end.ttftMs === null ? null : end.ttftMs / 1000);
  to.put(plumbline.ttftMs, end.ttftMs);
};

/** Type of the error that ended a span, and by which its status is Error; null when it ended well. */
export const errorTypeOf = (end: AttemptEnd): string | null =>
  end.errorType ?? (isSuccess(end.outcome) ? null : end.outcome);

const isSuccess = (outcome: Outcome): boolean => outcome === "ok" || outcome === "cache_hit";
