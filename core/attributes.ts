import type { UsagePart } from "./usage.ts";

/**
 * Attribute names of the spans on the bus. `genAi` follows OpenTelemetry's GenAI conventions as of October 2026
 * (open-telemetry/semantic-conventions-genai); `plumbline` are ours, for what has no convention yet.
 */
export const genAi = {
  operationName: "gen_ai.operation.name",
  providerName: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  requestStream: "gen_ai.request.stream",
  requestMaxTokens: "gen_ai.request.max_tokens",
  requestTemperature: "gen_ai.request.temperature",
  requestTopP: "gen_ai.request.top_p",
  responseId: "gen_ai.response.id",
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  /** Seconds, as a double. */
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheWriteTokens: "gen_ai.usage.cache_write.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  inputAudioTokens: "gen_ai.usage.audio.input_tokens",
  outputAudioTokens: "gen_ai.usage.audio.output_tokens",
  cacheReadAudioTokens: "gen_ai.usage.audio.cache_read.input_tokens",
  inputImageTokens: "gen_ai.usage.image.input_tokens",
  outputImageTokens: "gen_ai.usage.image.output_tokens",
  cacheReadImageTokens: "gen_ai.usage.image.cache_read.input_tokens",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  conversationId: "gen_ai.conversation.id",
  promptName: "gen_ai.prompt.name",
  promptVersion: "gen_ai.prompt.version",
} as const;

/** General conventions that a GenAI span also carries. */
export const general = {
  errorType: "error.type",
  serverAddress: "server.address",
  serverPort: "server.port",
  httpStatus: "http.response.status_code",
  serviceName: "service.name",
  serviceInstanceId: "service.instance.id",
} as const;

/** Attributes of ours. */
export const plumbline = {
  /** `call` for the logical span, `attempt` for one try of one provider. */
  span: "plumbline.span",
  tenant: "plumbline.tenant",
  keyId: "plumbline.key.id",
  userHash: "plumbline.user.hash",
  feature: "plumbline.feature",
  route: "plumbline.route",
  routeReason: "plumbline.route.reason",
  variant: "plumbline.variant",
  policyVersion: "plumbline.policy.version",
  /** Output tokens that the gateway allowed a call which named no number of its own; absent when it did. */
  imposedMaxTokens: "plumbline.max_tokens.imposed",
  target: "plumbline.target",
  /** Name of the provider's key that an attempt was sent with, never the key; absent where the provider has no several. */
  providerKey: "plumbline.provider.key",
  region: "plumbline.region",
  outcome: "plumbline.outcome",
  /** Milliseconds, as a double. */
  ttftMs: "plumbline.ttft_ms",
  /** Milliseconds, as a double. */
  worstGapMs: "plumbline.worst_gap_ms",
  usageSource: "plumbline.usage.source",
  /** Input tokens written to a cache that keeps them for an hour: a part of all that were written. */
  cacheWrite1hTokens: "plumbline.usage.cache_write_1h.input_tokens",
  /** Tier that the provider says it served (`core/service-tier.ts`); absent when it did not say. */
  serviceTier: "plumbline.usage.tier",
  /** JSON of the provider's usage object, without anything that could be text (`core/raw-usage.ts`). */
  rawUsage: "plumbline.usage.raw",
  attempt: "plumbline.attempt",
  attempts: "plumbline.attempts",
  isFallback: "plumbline.fallback",
  /** Model that the target is pinned to; absent where it is pinned to none. */
  modelPinned: "plumbline.model.pinned",
  /** JSON of what lost attempts used (`core/waste.ts`); absent where the first attempt was the only one. */
  waste: "plumbline.waste",
  systemPromptHash: "plumbline.system_prompt.hash",
  toolsHash: "plumbline.tools.hash",
  contentPolicy: "plumbline.content.policy",
  /** Which budget of the spool was short, so that the call was recorded without its text; absent when it was not. */
  contentShed: "plumbline.content.shed",
  /** Bytes of text left out of the input messages to keep a limit; absent when none were. */
  inputCutBytes: "plumbline.content.input_cut_bytes",
  /** Bytes of text left out of the output messages to keep a limit; absent when none were. */
  outputCutBytes: "plumbline.content.output_cut_bytes",
  /** Names of attributes, with commas between, that were dropped so that the record fits; absent when none were. */
  attributesDropped: "plumbline.attributes.dropped",
  gatewaySeq: "plumbline.gateway.seq",
} as const;

/** The attribute of each part of the counts. */
export const partAttributes: Readonly<Record<UsagePart, string>> = {
  cacheWrite1h: plumbline.cacheWrite1hTokens,
  inputAudio: genAi.inputAudioTokens,
  cacheReadAudio: genAi.cacheReadAudioTokens,
  inputImage: genAi.inputImageTokens,
  cacheReadImage: genAi.cacheReadImageTokens,
  outputAudio: genAi.outputAudioTokens,
  outputImage: genAi.outputImageTokens,
};
