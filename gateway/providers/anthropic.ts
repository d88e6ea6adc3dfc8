import type { AnthropicConfig } from "./anthropic-config.ts";
import { basePath, headerWriter, openEndpoint } from "./endpoint.ts";
import type { EndpointDeps } from "./openai-compatible.ts";
import type { Provider } from "./provider.ts";

const versionHeader = "anthropic-version";

/** Any endpoint that speaks Anthropic's messages. */
export const anthropic = (config: AnthropicConfig, deps: EndpointDeps): Provider => {
  const url = new URL(config.baseUrl);
  const path = `${basePath(url)}/messages${url.search}`;
  const { apiKey, headers: own } = config;
  const headersFor = headerWriter({ apiKey, headers: own, keyHeaders: (key) => ({ "x-api-key": key }) });
  const endpoint = openEndpoint({ url, keepAliveMs: config.keepAliveMs, connectMs: deps.connectMs });
  return {
    wires: ["messages"],
    providerName: () => config.providerName,
    serverAddress: endpoint.serverAddress,
    serverPort: endpoint.serverPort,
    canStreamUsage: false,
    abortStopsBilling: true,
    send: (request, sink) => {
      const headers = headersFor(request);
      if (!request.headers.includes(versionHeader)) {
        headers.push(versionHeader, config.version);
      }
      return endpoint.post({ path, headers, body: request.body }, sink);
    },
    close: endpoint.close,
  };
};
