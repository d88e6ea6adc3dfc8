import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { virtualClock } from "../support/virtual-clock.ts";
import { errorOf } from "./support/caller.ts";
import { startStream } from "./support/mock-upstream.ts";
import { lastError, onlyEnd } from "./support/only-end.ts";
import { delta } from "./support/openai-bytes.ts";
import { hello, providerAt, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;
const role = delta({ role: "assistant", content: "" });
const timeouts = { connectMs: 1_000, headersMs: 1_000, idleMs: 500, totalMs: 5_000 };

describe("a provider that cannot be reached", () => {
  test("because nobody listens is answered with 502", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    other.close();
    await once(other, "close");
    await using system = await startTestGateway({ config: { providers: { up: providerAt(port) } } });
    const response = await system.ask({ body: streaming });
    expect([response.status, errorOf(response).code]).toEqual([502, "provider.unreachable"]);
    expect(errorOf(response).message).toBe('The provider "up" could not be reached (ECONNREFUSED).');
    expect(await onlyEnd(system)).toMatchObject({
      outcome: "provider_error",
      errorType: "ECONNREFUSED",
      httpStatus: null,
    });
  });

  test("because its name is unknown is answered with 502", async () => {
    const up = { kind: "openai", baseUrl: "http://plumbline-test.invalid/v1" };
    await using system = await startTestGateway({ config: { providers: { up } } });
    const response = await system.ask({ body: hello });
    expect([response.status, errorOf(response).code]).toEqual([502, "provider.unreachable"]);
    expect((await onlyEnd(system)).errorType).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test("because it closes the connection before it answers is answered with 502", async () => {
    await using system = await startTestGateway({ script: (response) => void response.destroy() });
    const response = await system.ask({ body: hello });
    expect([response.status, errorOf(response).code]).toEqual([502, "provider.unreachable"]);
    expect(await onlyEnd(system)).toMatchObject({ outcome: "provider_error", errorType: "UND_ERR_SOCKET" });
  });

  test("because it speaks no HTTP is answered with 502", async () => {
    const other = createServer((socket) => {
      socket.on("error", () => {});
      socket.end("SSH-2.0-x\r\n");
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using system = await startTestGateway({ config: { providers: { up: providerAt(port) } } });
    expect((await system.ask({ body: hello })).status).toBe(502);
    expect(await onlyEnd(system)).toMatchObject({ outcome: "provider_error" });
    other.close();
  });
});

describe("a provider that is silent", () => {
  test.each([{ body: hello }, { body: streaming }])(
    "before its answer is answered with 504: $body",
    async ({ body }) => {
      const clock = virtualClock();
      await using system = await startTestGateway({ deps: { clock }, config: { timeouts }, script: () => {} });
      const asked = system.ask({ body });
      await system.upstream.nextRequest();
      const response = await clock.advanceUntil(asked, 100);
      expect([response.status, errorOf(response).code]).toEqual([504, "provider.timeout"]);
      expect(await onlyEnd(system)).toMatchObject({
        outcome: "timeout",
        errorType: "headers_timeout",
        httpStatus: null,
      });
    },
  );

  test("between two chunks of a stream has stalled", async () => {
    const clock = virtualClock();
    const closed = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      deps: { clock },
      config: { timeouts },
      script: (response) => {
        startStream(response);
        response.write(role + delta({ content: "so far" }));
        response.on("close", () => closed.resolve());
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("so far");
    const { body } = await clock.advanceUntil(response.rest(), 100);
    expect(lastError(body.toString())).toMatchObject({ error: { code: "provider.timeout" } });
    expect(await onlyEnd(system)).toMatchObject({ outcome: "stalled", errorType: "idle_timeout" });
    await closed.promise;
  });

  test("in the midst of a whole answer has stalled, and the caller gets 504", async () => {
    const clock = virtualClock();
    await using system = await startTestGateway({
      deps: { clock },
      config: { timeouts: { ...timeouts, headersMs: 1_000_000, totalMs: 3_600_000 } },
      script: (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"half":');
        response.flushHeaders();
      },
    });
    const asked = system.ask({ body: hello });
    const response = await clock.advanceUntil(asked, 100);
    expect([response.status, errorOf(response).code]).toEqual([504, "provider.timeout"]);
    expect((await onlyEnd(system)).outcome).toBe("stalled");
  });
});

describe("a provider that goes on for too long", () => {
  test("has its call ended when the limit of the whole call is reached", async () => {
    const clock = virtualClock();
    let write = (): void => {};
    await using system = await startTestGateway({
      deps: { clock },
      config: { timeouts: { ...timeouts, totalMs: 1_000 } },
      script: (response) => {
        startStream(response);
        let count = 0;
        write = () => {
          count += 1;
          response.write(delta({ content: `<${count}>` }));
        };
        write();
      },
    });
    const response = await system.open({ body: streaming });
    for (let count = 1; count <= 3; count += 1) {
      await response.until(`<${count}>`);
      clock.advance(300);
      write();
    }
    await response.until("<4>");
    const { body } = await clock.advanceUntil(response.rest(), 100);
    expect(lastError(body.toString())).toMatchObject({ error: { code: "provider.timeout" } });
    expect(await onlyEnd(system)).toMatchObject({ outcome: "timeout", errorType: "total_timeout", worstGapMs: 300 });
  });
});
