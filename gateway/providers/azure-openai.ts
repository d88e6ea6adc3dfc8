import type { AzureConfig } from "./azure-config.ts";
import { basePath, headerWriter, openEndpoint } from "./endpoint.ts";
import type { EndpointDeps } from "./openai-compatible.ts";
import type { Provider } from "./provider.ts";

/** Azure OpenAI: OpenAI's formats at addresses that name a deployment. */
export const azureOpenAi = (config: AzureConfig, deps: EndpointDeps): Provider => {
  const url = new URL(config.baseUrl);
  const query = `?api-version=${encodeURIComponent(config.apiVersion)}`;
  const { apiKey, headers } = config;
  const headersFor = headerWriter({ apiKey, headers, keyHeaders: (key) => ({ "api-key": key }) });
  const endpoint = openEndpoint({ url, keepAliveMs: config.keepAliveMs, connectMs: deps.connectMs });
  return {
    wires: ["chat", "embeddings"],
    providerName: () => config.providerName,
    serverAddress: endpoint.serverAddress,
    serverPort: endpoint.serverPort,
    canStreamUsage: true,
    abortStopsBilling: true,
    send: (request, sink) => {
      const deployment = `${basePath(url)}/openai/deployments/${encodeURIComponent(request.model)}`;
      const path = `${deployment}${request.wire === "embeddings" ? "/embeddings" : "/chat/completions"}${query}`;
      return endpoint.post({ path, headers: headersFor(request), body: request.body }, sink);
    },
    close: endpoint.close,
  };
};
