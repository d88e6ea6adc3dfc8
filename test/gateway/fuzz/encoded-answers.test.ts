import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { lastError, onlyEnd } from "../support/only-end.ts";
import { completion, delta, done } from "../support/openai-bytes.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";

const whole = gzipSync(JSON.stringify(completion("hi")));
const stream = gzipSync(delta({ content: "hi" }, "stop") + done);
const json = { "content-type": "application/json" };
const events = { "content-type": "text/event-stream" };
const gzip = { "content-encoding": "gzip" };

const answer =
  (headers: Readonly<Record<string, string>>, body: Buffer): UpstreamScript =>
  (response) =>
    void response.writeHead(200, headers).end(body);

test.each([
  { name: "whole, said to be so", headers: { ...json, ...gzip }, body: whole, isStream: false, outcome: "ok" },
  { name: "whole and not said", headers: json, body: whole, isStream: false, outcome: "provider_error" },
  {
    name: "whole and truncated",
    headers: { ...json, ...gzip },
    body: whole.subarray(0, 20),
    isStream: false,
    outcome: "ok",
  },
  { name: "a stream, said to be so", headers: { ...events, ...gzip }, body: stream, isStream: true, outcome: "ok" },
])("an answer that is compressed unasked, $name, passes as it is", async ({ headers, body, isStream, outcome }) => {
  await using system = await startTestGateway({ script: answer(headers, body) });
  const response = await system.ask({ body: { ...hello, stream: isStream } });
  expect([response.status, response.body.equals(body)]).toEqual([200, true]);
  expect(await onlyEnd(system)).toMatchObject({ outcome, usage: { source: "none" } });
});

test("a stream that is compressed and does not say so ends in an error event", async () => {
  await using system = await startTestGateway({ script: answer(events, stream) });
  const text = (await system.ask({ body: { ...hello, stream: true } })).body.toString();
  expect(lastError(text)).toMatchObject({ error: { code: "provider.cut" } });
  expect(await onlyEnd(system)).toMatchObject({ outcome: "upstream_cut" });
});

test.each([false, true])(
  "one that would have to be translated is an error of the provider, streamed: %s",
  async (isStream) => {
    const headers = { ...(isStream ? events : json), ...gzip };
    await using system = await startTestGateway({ script: answer(headers, isStream ? stream : whole) });
    const body = { ...hello, max_tokens: 9, stream: isStream };
    const response = await system.ask({ path: "/v1/messages", body });
    expect(response.status).toBe(502);
    expect(JSON.parse(response.body.toString())).toMatchObject({ error: { code: "provider.malformed" } });
    expect(await onlyEnd(system)).toMatchObject({ outcome: "provider_error", errorType: "malformed_answer" });
  },
);

test("an accepted encoding is never asked of a provider", async () => {
  await using system = await startTestGateway({ script: answer(json, Buffer.from("{}")) });
  await system.ask({ body: hello, headers: { "accept-encoding": "gzip, br" } });
  expect(system.upstream.requests[0]?.headers["accept-encoding"]).toBe("identity");
});
