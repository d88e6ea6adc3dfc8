import type { WireName } from "../wires/wire-name.ts";
import type { OwnHeaders } from "./endpoint.ts";
import { basePath, headerWriter, openEndpoint } from "./endpoint.ts";
import type { GeminiConfig, VertexConfig } from "./gemini-config.ts";
import type { EndpointDeps } from "./openai-compatible.ts";
import type { Provider } from "./provider.ts";

/** Google's Gemini API. */
export const gemini = (config: GeminiConfig, deps: EndpointDeps): Provider =>
  google({
    ...config,
    ...deps,
    wires: ["gemini", "gemini_embeddings"],
    url: new URL(config.baseUrl),
    prefix: "",
    apiKey: config.apiKey,
    keyHeaders: (key) => ({ "x-goog-api-key": key }),
  });

/** Gemini on Google's Vertex. */
export const vertex = (config: VertexConfig, deps: EndpointDeps): Provider => {
  const { project, location } = config;
  const host = location === "global" ? "aiplatform.googleapis.com" : `${location}-aiplatform.googleapis.com`;
  return google({
    ...config,
    ...deps,
    wires: ["gemini"],
    url: new URL(config.baseUrl ?? `https://${host}/v1`),
    prefix: `/projects/${project}/locations/${location}/publishers/google`,
    apiKey: config.accessToken,
    keyHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  });
};

interface GoogleArgs extends EndpointDeps, OwnHeaders {
  readonly wires: readonly WireName[];
  readonly url: URL;
  /** What stands between the base address and `/models`. */
  readonly prefix: string;
  readonly providerName: string;
  readonly keepAliveMs: number;
}

const google = (args: GoogleArgs): Provider => {
  const { url, wires, providerName } = args;
  const headersFor = headerWriter(args);
  const endpoint = openEndpoint(args);
  return {
    wires,
    providerName: () => providerName,
    serverAddress: endpoint.serverAddress,
    serverPort: endpoint.serverPort,
    canStreamUsage: false,
    abortStopsBilling: false,
    send: (request, sink) => {
      const model = `${basePath(url)}${args.prefix}/models/${encodeURIComponent(request.model)}`;
      const path = `${model}:${actionOf(request.wire, request.chat.isStream)}`;
      return endpoint.post({ path, headers: headersFor(request), body: request.body }, sink);
    },
    close: endpoint.close,
  };
};

const actionOf = (wire: WireName, isStream: boolean): string => {
  if (wire === "gemini_embeddings") {
    return "batchEmbedContents";
  }
  return isStream ? "streamGenerateContent?alt=sse" : "generateContent";
};
