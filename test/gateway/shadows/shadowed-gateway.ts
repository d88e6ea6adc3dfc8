import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGateway, TestGatewayArgs } from "../support/test-gateway.ts";
import { startTestGateway } from "../support/test-gateway.ts";

/** What callers get. */
export const forCaller = completion("for the caller");

/** The model that a request asks for: that of the shadow's target or the caller's. */
export const modelOf = (body: Buffer): "up-1" | "up-2" => (body.includes('"up-2"') ? "up-2" : "up-1");

/** A gateway whose calls all have a shadow, answered as `shadow` says; `route` goes over the route's settings. */
export const startShadowed = (
  shadow: UpstreamScript,
  { config, route, ...args }: TestGatewayArgs & { readonly route?: object } = {},
): Promise<TestGateway> => {
  const targets = [{ provider: "up" }, { provider: "up", model: "up-2", weight: 0 }];
  const main = { models: ["up-1"], targets, shadow: { variant: "up/up-2", share: 1 }, ...route };
  return startTestGateway({
    script: (response, request) =>
      modelOf(request.body) === "up-2" ? shadow(response, request) : answerJson(forCaller)(response, request),
    ...args,
    config: { routes: { main }, ...config },
  });
};
