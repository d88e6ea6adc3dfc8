import { once } from "node:events";
import type { UpstreamScript } from "./mock-upstream.ts";
import { providerFixtures } from "./provider-fixtures.ts";
import type { TestGateway } from "./test-gateway.ts";
import { startTestGateway } from "./test-gateway.ts";

/** Kinds of provider that between them speak every format. */
export const sdkKinds = ["openai", "anthropic", "gemini", "bedrock"] as const;

/** A gateway before a provider of a kind, which streams to requests that ask for it, and beside it a simulated one. */
export const startSdkGateway = (kind: (typeof sdkKinds)[number], script?: UpstreamScript): Promise<TestGateway> => {
  const fixture = providerFixtures.find((one) => one.kind === kind);
  if (fixture === undefined) {
    throw new Error(`there is no fixture of ${kind}`);
  }
  return startTestGateway({
    providerAt: fixture.config,
    script:
      script ??
      ((response, request) => {
        const isStream = String(request.headers.accept) === "text/event-stream";
        response.writeHead(200, { "content-type": isStream ? fixture.streamType : "application/json" });
        response.end(isStream ? fixture.stream : JSON.stringify(fixture.whole));
      }),
    providers: { fast: { kind: "simulated", ttftMedianMs: 0, tokensPerSecond: 1_000_000 } },
    config: {
      routes: {
        main: { models: ["up-1"], targets: [{ provider: "up" }] },
        simulated: { models: ["sim-small"], targets: [{ provider: "fast" }] },
      },
    },
  });
};

/** A provider that begins a stream of chat completions, and then says nothing until its caller goes away. */
export const stallAfter =
  (begin: string, onGone: () => void): UpstreamScript =>
  async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(begin);
    await once(response, "close");
    onGone();
  };
