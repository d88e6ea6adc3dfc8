import type { WireName } from "../wires/wire-name.ts";
import { basePath, fixedHeaders, headersOf, openEndpoint } from "./endpoint.ts";
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
    own: config.apiKey === undefined ? {} : { "x-goog-api-key": config.apiKey },
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
    own: config.accessToken === undefined ? {} : { authorization: `Bearer ${config.accessToken}` },
  });
};

interface GoogleArgs extends EndpointDeps {
  readonly wires: readonly WireName[];
  readonly url: URL;
  /** What stands between the base address and `/models`. */
  readonly prefix: string;
  readonly own: Readonly<Record<string, string>>;
  readonly providerName: string;
  readonly keepAliveMs: number;
}

const google = (args: GoogleArgs): Provider => {
  const { url, wires, providerName } = args;
  const fixed = fixedHeaders(args.own);
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
      return endpoint.post({ path, headers: headersOf(request, fixed), body: request.body }, sink);
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
