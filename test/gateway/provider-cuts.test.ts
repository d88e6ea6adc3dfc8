import { describe, expect, test } from "vitest";
import { errorOf } from "./support/caller.ts";
import { startStream } from "./support/mock-upstream.ts";
import { lastError, onlyEnd } from "./support/only-end.ts";
import { delta } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;
const role = delta({ role: "assistant", content: "" });

describe("a stream that the provider cuts", () => {
  test.each([
    { name: "by closing its socket", cut: (response: { destroy: () => void }) => response.destroy() },
    { name: "by ending without a finish reason", cut: (response: { end: () => void }) => response.end() },
  ])("$name ends with an error event, and not quietly", async ({ cut }) => {
    const gate = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      script: async (response) => {
        startStream(response);
        response.write(`${role}${delta({ content: "half" })}data: {"par`);
        await gate.promise;
        cut(response);
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("half");
    gate.resolve();
    const { body } = await response.rest();
    const whole = role + delta({ content: "half" });
    expect(body.toString().startsWith(`${whole}data: {"error":`)).toBe(true);
    expect(lastError(body.toString())).toEqual({
      error: {
        message: "The provider ended the answer before it was complete.",
        type: "api_error",
        param: null,
        code: "provider.cut",
      },
    });
    expect(await onlyEnd(system)).toMatchObject({ outcome: "upstream_cut", usage: { source: "estimated" } });
  });

  test("after an error event of its own is the provider's error, passed on as it is", async () => {
    const bytes = `${role}data: {"error":{"message":"overloaded","type":"overloaded_error","code":null}}\n\n`;
    await using system = await startTestGateway({
      script: (response) => {
        startStream(response);
        response.end(bytes);
      },
    });
    expect((await system.ask({ body: streaming })).body.toString()).toBe(bytes);
    expect(await onlyEnd(system)).toMatchObject({ outcome: "provider_error", errorType: "overloaded_error" });
  });

  test("in the midst of an oversize event gets its error as an event of its own", async () => {
    await using system = await startTestGateway({
      script: (response) => {
        startStream(response);
        response.end(`data: ${"x".repeat(1_200_000)}`);
      },
    });
    const text = (await system.ask({ body: streaming })).body.toString();
    expect(lastError(text)).toMatchObject({ error: { code: "provider.cut" } });
  });
});

describe("a whole answer that the provider cuts", () => {
  test("is an error of the gateway, and no half answer", async () => {
    await using system = await startTestGateway({
      script: (response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"half":', () => response.destroy());
      },
    });
    const response = await system.ask({ body: hello });
    expect([response.status, errorOf(response).code]).toEqual([502, "provider.cut"]);
    expect(await onlyEnd(system)).toMatchObject({
      outcome: "upstream_cut",
      httpStatus: 200,
      usage: { source: "none" },
    });
  });

  test("after it had become too large to hold back, is seen to be cut", async () => {
    const chunk = Buffer.alloc(1_048_576, "x");
    await using system = await startTestGateway({
      script: (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        for (let sent = 0; sent < 20; sent += 1) {
          response.write(chunk);
        }
        response.write("x", () => response.destroy());
      },
    });
    const response = await (await system.open({ body: hello })).rest();
    expect([response.status, response.isComplete]).toEqual([200, false]);
    expect(await onlyEnd(system)).toMatchObject({ outcome: "upstream_cut" });
  });
});
