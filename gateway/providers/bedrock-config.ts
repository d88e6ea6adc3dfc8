import { z } from "zod";
import { secret } from "../../config/secret.ts";
import { providerPlace } from "../constraints/place-config.ts";
import { httpUrl, keepAliveMs, providerName } from "./config-parts.ts";

/** Amazon Bedrock's Converse. */
export const bedrockConfig = z.strictObject({
  kind: z.literal("bedrock"),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region, such as eu-central-1")
    .describe("Region that answers, such as eu-central-1; signatures are made for it."),
  baseUrl: httpUrl
    .optional()
    .describe("Address up to, and not including, /model; absent means Amazon's for the region."),
  accessKeyId: secret().describe(
    "Id of the access key that signs the calls. There is one: Amazon's quotas are the account's, whose keys all share them.",
  ),
  secretAccessKey: secret().describe("The access key itself; it is never sent."),
  sessionToken: secret().optional().describe("Token of a temporary key; absent for a lasting one."),
  providerName: providerName("aws.bedrock"),
  compliance: providerPlace.compliance,
  keepAliveMs,
});

/** The parsed settings of Amazon Bedrock. */
export type BedrockConfig = z.infer<typeof bedrockConfig>;
