import { z } from "zod";
import { secret } from "../../config/secret.ts";
import { providerPlace } from "../constraints/place-config.ts";
import { providerKeys } from "../provider-keys/key-ring-config.ts";
import { httpUrl, keepAliveMs, providerName } from "./config-parts.ts";

/** An endpoint that speaks Anthropic's messages. */
export const anthropicConfig = z.strictObject({
  kind: z.literal("anthropic"),
  baseUrl: httpUrl.default("https://api.anthropic.com/v1").describe("Address up to, and not including, /messages."),
  apiKey: secret().optional().describe("Sent as x-api-key; absent means that none is sent."),
  keys: providerKeys,
  version: z.string().min(1).default("2023-06-01").describe("Value of anthropic-version where the caller sends none."),
  headers: z.record(z.string().min(1), secret()).prefault({}).describe("Further headers sent with every call."),
  providerName: providerName("anthropic"),
  ...providerPlace,
  keepAliveMs,
});

/** The parsed settings of an endpoint of Anthropic's messages. */
export type AnthropicConfig = z.infer<typeof anthropicConfig>;
