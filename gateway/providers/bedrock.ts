import type { Clock } from "../../core/clock.ts";
import type { BedrockConfig } from "./bedrock-config.ts";
import { BedrockSink } from "./bedrock-sink.ts";
import { basePath, fixedHeaders, headersOf, openEndpoint } from "./endpoint.ts";
import type { EndpointDeps } from "./openai-compatible.ts";
import type { Exchange, Provider } from "./provider.ts";
import { signAws } from "./sign-aws.ts";

/** What Amazon Bedrock needs besides its settings. */
export interface BedrockDeps extends EndpointDeps {
  /** Signatures hold the time, and are refused when it is wrong by five minutes. */
  readonly clock: Clock;
}

/** Amazon Bedrock's Converse. */
export const bedrock = (config: BedrockConfig, deps: BedrockDeps): Provider => {
  const { region, accessKeyId, secretAccessKey } = config;
  const url = new URL(config.baseUrl ?? `https://bedrock-runtime.${region}.amazonaws.com`);
  const sessionToken = config.sessionToken ?? null;
  const credentials = { accessKeyId, secretAccessKey, sessionToken, region, service: "bedrock" };
  const endpoint = openEndpoint({ url, keepAliveMs: config.keepAliveMs, connectMs: deps.connectMs });
  return {
    wires: ["converse"],
    providerName: () => config.providerName,
    serverAddress: endpoint.serverAddress,
    serverPort: endpoint.serverPort,
    canStreamUsage: false,
    abortStopsBilling: false,
    send: (request, sink) => {
      const action = request.chat.isStream ? "converse-stream" : "converse";
      const path = `${basePath(url)}/model/${encodeURIComponent(request.model)}/${action}`;
      const { body } = request;
      const at = { method: "POST", host: url.host, path, query: "", headers: {}, nowMs: deps.clock.nowMs() };
      const signature = signAws({ ...at, body }, credentials);
      let exchange: Exchange | null = null;
      const decoding = new BedrockSink(sink, () => exchange?.abort());
      exchange = endpoint.post({ path, headers: headersOf(request, fixedHeaders(signature)), body }, decoding);
      return exchange;
    },
    close: endpoint.close,
  };
};
