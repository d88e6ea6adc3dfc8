import { z } from "zod";
import { secret } from "../../config/secret.ts";
import { providerPlace } from "../constraints/place-config.ts";
import { providerKeys } from "../provider-keys/key-ring-config.ts";
import { httpUrl, keepAliveMs, providerName } from "./config-parts.ts";

/** A resource of Azure OpenAI. The model asked for is the name of a deployment. */
export const azureConfig = z.strictObject({
  kind: z.literal("azure"),
  baseUrl: httpUrl.describe("Address of the resource, such as https://my-name.openai.azure.com."),
  apiKey: secret().optional().describe("Sent as api-key; absent means that none is sent."),
  keys: providerKeys,
  apiVersion: z.string().min(1).default("2024-10-21").describe("Value of api-version in the address."),
  headers: z.record(z.string().min(1), secret()).prefault({}).describe("Further headers sent with every call."),
  providerName: providerName("azure.ai.openai"),
  ...providerPlace,
  keepAliveMs,
});

/** The parsed settings of a resource of Azure OpenAI. */
export type AzureConfig = z.infer<typeof azureConfig>;
