import type { WireName } from "../wires/wire-name.ts";
import { basePath, headerWriter, openEndpoint } from "./endpoint.ts";
import type { Provider } from "./provider.ts";
import type { OpenAiConfig } from "./provider-config.ts";

/** What an endpoint needs besides its settings. */
export interface EndpointDeps {
  /** Milliseconds to open a connection. */
  readonly connectMs: number;
}

/** Paths below the base address, by format. */
const paths: Partial<Readonly<Record<WireName, string>>> = {
  chat: "/chat/completions",
  responses: "/responses",
  embeddings: "/embeddings",
};

/** Any endpoint that speaks OpenAI's API. */
export const openAiCompatible = (config: OpenAiConfig, deps: EndpointDeps): Provider => {
  const url = new URL(config.baseUrl);
  const base = basePath(url);
  const { apiKey, headers } = config;
  const headersFor = headerWriter({ apiKey, headers, keyHeaders: (key) => ({ authorization: `Bearer ${key}` }) });
  const endpoint = openEndpoint({ url, keepAliveMs: config.keepAliveMs, connectMs: deps.connectMs });
  const hasResponses = config.responses ?? url.hostname === "api.openai.com";
  return {
    wires: hasResponses ? ["chat", "responses", "embeddings"] : ["chat", "embeddings"],
    providerName: () => config.providerName,
    serverAddress: endpoint.serverAddress,
    serverPort: endpoint.serverPort,
    canStreamUsage: config.streamUsage,
    abortStopsBilling: config.abortStopsBilling,
    send: (request, sink) => {
      const path = `${base}${paths[request.wire] ?? ""}${url.search}`;
      return endpoint.post({ path, headers: headersFor(request), body: request.body }, sink);
    },
    close: endpoint.close,
  };
};
