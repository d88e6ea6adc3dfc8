import { z } from "zod";
import { secret } from "../../config/secret.ts";
import { providerPlace } from "../constraints/place-config.ts";
import { providerKeys } from "../provider-keys/key-ring-config.ts";
import { anthropicConfig } from "./anthropic-config.ts";
import { azureConfig } from "./azure-config.ts";
import { bedrockConfig } from "./bedrock-config.ts";
import { httpUrl, keepAliveMs, providerName } from "./config-parts.ts";
import { geminiConfig, vertexConfig } from "./gemini-config.ts";

const share = (what: string): z.ZodDefault<z.ZodNumber> =>
  z.number().min(0).max(1).default(0).describe(`Share of calls that ${what}, from 0 to 1.`);

/** An endpoint that speaks OpenAI's API over HTTP: OpenAI, Mistral, and any compatible server. */
export const openAiConfig = z.strictObject({
  kind: z.literal("openai"),
  baseUrl: httpUrl
    .default("https://api.openai.com/v1")
    .describe("Address up to, and not including, /chat/completions."),
  apiKey: secret().optional().describe("Sent as a bearer token; absent means that none is sent."),
  keys: providerKeys,
  headers: z.record(z.string().min(1), secret()).prefault({}).describe("Further headers sent with every call."),
  providerName: providerName("openai"),
  streamUsage: z
    .boolean()
    .default(true)
    .describe(
      "Whether to ask for token counts on streams (stream_options.include_usage); false for servers that refuse it.",
    ),
  abortStopsBilling: z
    .boolean()
    .default(true)
    .describe(
      "Whether it stops billing when a caller goes away; false, as for Groq, Mistral and Perplexity, reads such answers on (gateway.abortDrain).",
    ),
  responses: z
    .boolean()
    .optional()
    .describe(
      "Whether it serves /responses as OpenAI does; else such calls are sent as chat completions. Absent means api.openai.com alone.",
    ),
  ...providerPlace,
  keepAliveMs,
});

/** A provider that needs no key: answers made up from a seed, with latencies of a stated law. */
export const simulatedConfig = z.strictObject({
  kind: z.literal("simulated"),
  providerName: providerName("simulated"),
  models: z
    .array(z.string().min(1))
    .min(1)
    .default(["sim-large", "sim-small"])
    .describe("Models it serves; others are answered with 404."),
  seed: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .default(1)
    .describe("Seed: the same seed and order of calls give the same answers."),
  ttftMedianMs: z
    .number()
    .min(0)
    .max(600_000)
    .default(250)
    .describe("Median of the log-normal time to the first token, in milliseconds."),
  ttftSigma: z
    .number()
    .min(0)
    .max(3)
    .default(0.4)
    .describe("Standard deviation of the logarithm of that time; 0 makes it constant."),
  tokensPerSecond: z.number().min(0.1).max(1_000_000).default(80).describe("Tokens a second after the first."),
  answerTokens: z.int().min(1).max(100_000).default(60).describe("Mean length of an answer in tokens."),
  errorRate: share("end with status 500"),
  rateLimitRate: share("end with status 429"),
  ...providerPlace,
});

/** A provider that serves the recorded answer that each request carries, after the recorded time. */
export const recordedConfig = z.strictObject({
  kind: z.literal("recorded"),
  providerName: providerName("openai"),
  ...providerPlace,
});

/** One provider: where its answers come from. */
export const providerConfig = z.discriminatedUnion("kind", [
  openAiConfig,
  azureConfig,
  anthropicConfig,
  geminiConfig,
  vertexConfig,
  bedrockConfig,
  simulatedConfig,
  recordedConfig,
]);

/** The parsed settings of one provider. */
export type ProviderConfig = z.infer<typeof providerConfig>;

/** The parsed settings of an OpenAI-compatible endpoint. */
export type OpenAiConfig = z.infer<typeof openAiConfig>;

/** The parsed settings of a simulated provider. */
export type SimulatedConfig = z.infer<typeof simulatedConfig>;

/** The parsed settings of a provider of recordings. */
export type RecordedConfig = z.infer<typeof recordedConfig>;
