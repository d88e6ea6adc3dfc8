import type { Clock } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import { estimateTokens } from "../../core/usage.ts";
import type { ChatRequest } from "../chat-request.ts";
import { inputText } from "../input-messages.ts";
import type { CompletionText } from "./completion.ts";
import { completionBody, deltaEvent, doneEvent, providerErrorBody, usageEvent } from "./completion.ts";
import type { PacedAnswer, PacedChunk } from "./paced-answer.ts";
import { playAnswer } from "./paced-answer.ts";
import type { Provider, ProviderRequest } from "./provider.ts";
import type { SimulatedConfig } from "./provider-config.ts";
import { logNormal, randomOf } from "./random-of.ts";
import { simulatedTokens } from "./simulated-text.ts";
import { simulatedVectors } from "./simulated-vectors.ts";

/** What a simulated provider needs besides its settings. */
export interface SimulatedDeps {
  readonly clock: Clock;
}

/** A provider of made-up answers: the same seed and order of calls give the same answers and latencies. */
export const simulated = (config: SimulatedConfig, deps: SimulatedDeps): Provider => {
  let calls = 0;
  return {
    wires: ["chat", "embeddings"],
    providerName: () => config.providerName,
    serverAddress: null,
    serverPort: null,
    canStreamUsage: true,
    abortStopsBilling: true,
    send: (request, sink) => {
      calls += 1;
      const random = randomOf(`${config.seed}:${calls}`);
      return playAnswer(simulate({ config, request, random, nowMs: deps.clock.nowMs() }), sink, deps.clock);
    },
    close: () => Promise.resolve(),
  };
};

interface Simulation {
  readonly config: SimulatedConfig;
  readonly request: ProviderRequest;
  readonly random: Random;
  readonly nowMs: number;
}

/** The answer to one request with its time line. Every draw is made in the same order, whatever the answer turns out to be. */
export const simulate = ({ config, request, random, nowMs }: Simulation): PacedAnswer => {
  const luck = random.uniform();
  const ttftMs = logNormal(random, config.ttftMedianMs, config.ttftSigma);
  const tokens = simulatedTokens(random, answerLength(config, request.chat, random));
  if (!config.models.includes(request.model)) {
    return failed(404, `The model '${request.model}' does not exist.`, "model_not_found");
  }
  if (luck < config.errorRate) {
    return failed(500, "The simulated provider had an error, as its errorRate says.", null);
  }
  if (luck < config.errorRate + config.rateLimitRate) {
    return failed(429, "The simulated provider limits its rate, as its rateLimitRate says.", "rate_limit_exceeded");
  }
  if (request.wire === "embeddings") {
    return { status: 200, headers: jsonHeaders, chunks: [{ atMs: ttftMs, bytes: simulatedVectors(request) }] };
  }
  const completion = completionOf(request, tokens.length, nowMs);
  const gapMs = 1_000 / config.tokensPerSecond;
  return request.chat.isStream
    ? { status: 200, headers: streamHeaders, chunks: streamChunks({ request, completion, tokens, ttftMs, gapMs }) }
    : {
        status: 200,
        headers: jsonHeaders,
        chunks: [{ atMs: ttftMs + gapMs * tokens.length, bytes: completionBody(completion, tokens.join("")) }],
      };
};

const jsonHeaders = { "content-type": "application/json" };
const streamHeaders = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };

/** Lengths spread by a factor of about 1.6 around the mean, within the caller's limit. */
const answerLength = (config: SimulatedConfig, chat: ChatRequest, random: Random): number => {
  const sigma = 0.5;
  const drawn = Math.round(logNormal(random, config.answerTokens * Math.exp((-sigma * sigma) / 2), sigma));
  return Math.max(1, Math.min(drawn, chat.maxTokens ?? Number.POSITIVE_INFINITY));
};

const completionOf = (request: ProviderRequest, outputTokens: number, nowMs: number): CompletionText => {
  const inputTokens = estimateTokens(inputText(request.chat.messages));
  const isCut = request.chat.maxTokens !== null && outputTokens >= request.chat.maxTokens;
  return {
    id: `chatcmpl-${request.callId}`,
    model: request.model,
    created: Math.floor(nowMs / 1_000),
    finishReason: isCut ? "length" : "stop",
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
  };
};

interface StreamPlan {
  readonly request: ProviderRequest;
  readonly completion: CompletionText;
  readonly tokens: readonly string[];
  readonly ttftMs: number;
  readonly gapMs: number;
}

/** The role first, then a chunk per token, the finish reason, and the counts: the gateway always asks for them. */
const streamChunks = function* (plan: StreamPlan): Generator<PacedChunk> {
  const { completion, tokens, ttftMs, gapMs } = plan;
  const options = { hasUsage: true };
  const endMs = ttftMs + gapMs * tokens.length;
  yield { atMs: ttftMs, bytes: deltaEvent(completion, { role: "assistant", content: "" }, options) };
  for (const [index, content] of tokens.entries()) {
    yield { atMs: ttftMs + gapMs * index, bytes: deltaEvent(completion, { content }, options) };
  }
  yield { atMs: endMs, bytes: deltaEvent(completion, {}, { hasUsage: true, isLast: true }) };
  yield { atMs: endMs, bytes: Buffer.concat([usageEvent(completion), doneEvent()]) };
};

const failed = (status: number, message: string, code: string | null): PacedAnswer => {
  const type = status === 500 ? "server_error" : "invalid_request_error";
  const headers = status === 429 ? { ...jsonHeaders, "retry-after": "1" } : jsonHeaders;
  return { status, headers, chunks: [{ atMs: 0, bytes: providerErrorBody({ message, type, param: null, code }) }] };
};
