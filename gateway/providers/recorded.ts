import type { Clock } from "../../core/clock.ts";
import { estimateTokens } from "../../core/usage.ts";
import { inputText } from "../input-messages.ts";
import { isRecord } from "../is-record.ts";
import type { CompletionText } from "./completion.ts";
import { completionBody, deltaEvent, doneEvent, providerErrorBody, usageEvent } from "./completion.ts";
import type { PacedAnswer, PacedChunk } from "./paced-answer.ts";
import { playAnswer } from "./paced-answer.ts";
import type { Provider, ProviderRequest } from "./provider.ts";
import type { RecordedConfig } from "./provider-config.ts";
import type { Recording } from "./recording.ts";
import { readRecording, recordingMember } from "./recording.ts";

/** What a provider of recordings needs besides its settings. */
export interface RecordedDeps {
  readonly clock: Clock;
}

/**
 * Answers each request with the recording it carries, after the recorded time. A recording without `ttft_s` was not
 * streamed: as a stream its answer comes whole, in one delta, when the recorded answer arrived.
 */
export const recorded = (config: RecordedConfig, deps: RecordedDeps): Provider => ({
  wires: ["chat"],
  providerName: (chat) => {
    const member = chat.members[recordingMember];
    const provider = isRecord(member) ? member["provider"] : undefined;
    return typeof provider === "string" && provider !== "" ? provider : config.providerName;
  },
  serverAddress: null,
  serverPort: null,
  canStreamUsage: true,
  abortStopsBilling: true,
  send: (request, sink) => playAnswer(replayAnswer(request, deps.clock.nowMs()), sink, deps.clock),
  close: () => Promise.resolve(),
});

/** The answer to one request with its time line. */
const replayAnswer = (request: ProviderRequest, nowMs: number): PacedAnswer => {
  const read = readRecording(request.chat);
  if (!read.ok) {
    const { message, param } = read;
    const bytes = providerErrorBody({ message, type: "invalid_request_error", param, code: "request.malformed" });
    return { status: 400, headers: { "content-type": "application/json" }, chunks: [{ atMs: 0, bytes }] };
  }
  const { recording } = read;
  const completion = completionOf(request, recording, nowMs);
  if (!request.chat.isStream) {
    const bytes = completionBody(completion, recording.answer);
    const atMs = millis(recording.latency_s, recording);
    return { status: 200, headers: { "content-type": "application/json" }, chunks: [{ atMs, bytes }] };
  }
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };
  return { status: 200, headers, chunks: streamChunks(completion, recording) };
};

const millis = (seconds: number, recording: Recording): number => (seconds * 1_000) / (recording.speed ?? 1);

const completionOf = (request: ProviderRequest, recording: Recording, nowMs: number): CompletionText => {
  const inputTokens = recording.input_tokens ?? estimateTokens(inputText(request.chat.messages));
  const outputTokens = recording.output_tokens ?? estimateTokens(recording.answer);
  const isEstimated = typeof recording.input_tokens !== "number" || typeof recording.output_tokens !== "number";
  return {
    id: `chatcmpl-${request.callId}`,
    model: request.model,
    created: Math.floor(nowMs / 1_000),
    finishReason: recording.finish_reason || "stop",
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      ...(isEstimated ? { estimated: true } : {}),
    },
  };
};

/** The role comes with the first content; the words of a streamed recording are spread evenly from there to its end. */
const streamChunks = function* (completion: CompletionText, recording: Recording): Generator<PacedChunk> {
  const options = { hasUsage: true };
  const endMs = millis(recording.latency_s, recording);
  const isStreamed = typeof recording.ttft_s === "number";
  const firstMs = isStreamed ? Math.min(millis(recording.ttft_s ?? 0, recording), endMs) : endMs;
  const pieces = isStreamed ? splitWords(recording.answer) : [recording.answer];
  yield { atMs: firstMs, bytes: deltaEvent(completion, { role: "assistant", content: "" }, options) };
  for (const [index, content] of pieces.entries()) {
    const atMs = firstMs + ((endMs - firstMs) * index) / pieces.length;
    yield { atMs, bytes: deltaEvent(completion, { content }, options) };
  }
  yield { atMs: endMs, bytes: deltaEvent(completion, {}, { hasUsage: true, isLast: true }) };
  yield { atMs: endMs, bytes: Buffer.concat([usageEvent(completion), doneEvent()]) };
};

/** The text in words, each with the space before it; nothing is lost. */
const splitWords = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/g) ?? [];
