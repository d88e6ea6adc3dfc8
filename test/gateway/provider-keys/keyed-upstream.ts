import type { UpstreamRequest, UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGateway, TestGatewayArgs } from "../support/test-gateway.ts";
import { startTestGateway } from "../support/test-gateway.ts";

/** The key that a request carries, in whichever header its kind of provider sends it. */
export const keyOf = ({ headers }: UpstreamRequest): string => {
  const sent = headers["x-api-key"] ?? headers["api-key"] ?? headers["x-goog-api-key"] ?? headers.authorization;
  return String(sent).replace("Bearer ", "");
};

/** What a provider answers that refuses a key. */
export const refuses = answerJson({ error: { message: "no such key", type: "invalid_request_error", code: "x" } }, 401);

/** What a provider answers that has had enough of a key. */
export const limits = (seconds: number): UpstreamScript =>
  answerJson({ error: { message: "slow down", type: "rate_limit_error" } }, 429, { "retry-after": String(seconds) });

/** What a provider answers that is well. */
export const answers = answerJson(completion("hi"));

/** A gateway with a provider of several keys, which answers each key as `scripts` says, and well where it says nothing. */
export const startKeyed = (
  keys: readonly object[],
  scripts: Readonly<Record<string, UpstreamScript>> = {},
  args: TestGatewayArgs = {},
): Promise<TestGateway> =>
  startTestGateway({
    script: (response, request) => (scripts[keyOf(request)] ?? answers)(response, request),
    provider: { apiKey: undefined, keys },
    ...args,
  });
