import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Log } from "../../../core/log.ts";
import { silentLog } from "../../../core/log.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";
import type { BrokenAnswer } from "./broken-bytes.ts";
import { brokenAnswer } from "./broken-bytes.ts";

const send =
  ({ headers, parts, isCut }: BrokenAnswer): UpstreamScript =>
  async (response) => {
    response.writeHead(200, headers);
    for (const part of parts) {
      response.write(part);
      await setImmediate();
    }
    if (isCut) response.destroy();
    else response.end();
  };

const input = [{ role: "user", content: "Say hello." }];
const requests = [
  { path: "/v1/chat/completions", body: hello },
  { path: "/v1/messages", body: { ...hello, max_tokens: 9 } },
  { path: "/v1/responses", body: { model: "up-1", input } },
] as const;
const kinds = providerFixtures.filter(({ kind }) => ["openai", "anthropic", "gemini", "bedrock"].includes(kind));

test.each(kinds)("whatever $kind answers, a call ends with one record, and the next is served", async (fixture) => {
  const errors: unknown[] = [];
  const log: Log = { ...silentLog, error: (...args: unknown[]) => void errors.push(args) };
  await using system = await startTestGateway({ providerAt: fixture.config, deps: { log } });
  const whole = Buffer.from(JSON.stringify(fixture.whole));
  const answers = fc.boolean().chain((stream) =>
    fc.record({
      stream: fc.constant(stream),
      request: fc.constantFrom(...requests),
      answer: stream ? brokenAnswer(fixture.stream, fixture.streamType) : brokenAnswer(whole, "application/json"),
    }),
  );
  const law = fc.asyncProperty(answers, async ({ stream, request, answer }) => {
    const index = system.recorded.calls.length;
    system.upstream.script(send(answer));
    const response = await system.ask({ path: request.path, body: { ...request.body, stream } });
    const call = await system.recorded.ended(index);
    expect([system.recorded.calls.length, call.ends.length]).toEqual([index + 1, 1]);
    expect(["ok", "provider_error", "upstream_cut"]).toContain(call.ends[0]?.outcome);
    expect([200, 502]).toContain(response.status);
    expect(errors).toEqual([]);
    // No quiet end: an answer that was cut says so, or is seen to be cut.
    const isTold = response.body.includes("error") || !response.isComplete;
    expect(call.ends[0]?.outcome !== "upstream_cut" || isTold).toBe(true);
  });
  await fc.assert(law, { numRuns: 120 });
  system.upstream.script(answerJson(fixture.whole));
  expect((await system.ask({ body: hello })).status).toBe(200);
});
