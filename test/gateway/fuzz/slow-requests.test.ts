import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { hearingMeter } from "../policy/hearing-meter.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";

const line = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n";

/** Sends a part of a request and waits until the gateway has had enough of it. */
const stayingSilent = async (port: number, part: string): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(part);
  return text(socket);
};

/** What callers send who then say nothing more. */
const parts = [
  "",
  `${line}x-a: `,
  `${line}content-length: 100\r\n\r\n{`,
  `${line}transfer-encoding: chunked\r\n\r\n5\r\n{"`,
];

test("callers that never send a whole request are cut off, counted, and no calls; others go on", async () => {
  const { meter, counts } = hearingMeter();
  const gate = Promise.withResolvers<void>();
  await using system = await startTestGateway({
    deps: { meter },
    config: { callerTimeouts: { headersMs: 1_000, requestMs: 1_000 } },
    script: async (response, request) => {
      await gate.promise;
      await answerJson(completion("ok"))(response, request);
    },
  });
  const other = system.ask({ body: hello });
  await system.upstream.nextRequest();
  const answers = await Promise.all(parts.map((part) => stayingSilent(system.port, part)));
  gate.resolve();
  for (const answer of answers) {
    expect(answer.split("\r\n")[0]).toBe("HTTP/1.1 408 Request Timeout");
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ error: { code: "request.timeout" } });
  }
  expect(counts("gatewayRejected")).toEqual({ "request.timeout": parts.length });
  expect((await other).status).toBe(200);
  expect(system.recorded.calls).toHaveLength(1);
});

test("what is no request is answered as an error of its kind, and counted", async () => {
  const { meter, counts } = hearingMeter();
  await using system = await startTestGateway({ deps: { meter } });
  const answers = [
    await stayingSilent(system.port, "\x16\x03\x01\x02\r\n\r\n"),
    await stayingSilent(system.port, `${line}x-a: ${"a".repeat(20_000)}\r\n\r\n`),
  ];
  expect(answers.map((answer) => JSON.parse(answer.split("\r\n\r\n")[1] ?? ""))).toMatchObject([
    { error: { code: "request.malformed" } },
    { error: { code: "request.too_large" } },
  ]);
  expect(counts("gatewayRejected")).toEqual({ "request.malformed": 1, "request.too_large": 1 });
});
