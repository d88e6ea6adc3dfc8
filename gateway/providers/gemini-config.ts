import { z } from "zod";
import { secret } from "../../config/secret.ts";
import { providerPlace } from "../constraints/place-config.ts";
import { providerKeys } from "../provider-keys/key-ring-config.ts";
import { httpUrl, keepAliveMs, providerName } from "./config-parts.ts";

/** Google's Gemini API. */
export const geminiConfig = z.strictObject({
  kind: z.literal("gemini"),
  baseUrl: httpUrl
    .default("https://generativelanguage.googleapis.com/v1beta")
    .describe("Address up to, and not including, /models."),
  apiKey: secret().optional().describe("Sent as x-goog-api-key; absent means that none is sent."),
  keys: providerKeys,
  providerName: providerName("gcp.gemini"),
  ...providerPlace,
  keepAliveMs,
});

const place = z.string().regex(/^[a-z0-9][a-z0-9:.-]*$/, "must be a name of lower-case letters, digits and hyphens");

/** Gemini on Google's Vertex: the same format at another address, with another credential. */
export const vertexConfig = z.strictObject({
  kind: z.literal("vertex"),
  project: place.describe("Id of the Google Cloud project."),
  location: place.default("global").describe("Region that answers, such as europe-west4; `global` lets Google choose."),
  baseUrl: httpUrl
    .optional()
    .describe("Address up to, and not including, /projects; absent means Google's for the location."),
  accessToken: secret()
    .optional()
    .describe(
      "Sent as a bearer token; Google's last an hour. Absent means that none is sent, as behind a proxy. There is one at most: a token is the project's, whose quota all its tokens share.",
    ),
  providerName: providerName("gcp.vertex_ai"),
  compliance: providerPlace.compliance,
  keepAliveMs,
});

/** The parsed settings of Google's Gemini API. */
export type GeminiConfig = z.infer<typeof geminiConfig>;

/** The parsed settings of Gemini on Vertex. */
export type VertexConfig = z.infer<typeof vertexConfig>;
