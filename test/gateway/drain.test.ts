import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { virtualClock } from "../support/virtual-clock.ts";
import { errorOf } from "./support/caller.ts";
import { startStream } from "./support/mock-upstream.ts";
import { delta, done } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;
const role = delta({ role: "assistant", content: "" });

describe("drain", () => {
  test("lets the calls under way finish", async () => {
    const clock = virtualClock();
    const gate = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      deps: { clock },
      config: { drainMs: 1_000 },
      script: async (response) => {
        startStream(response);
        response.write(role);
        await gate.promise;
        response.end(delta({}, "stop") + done);
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("assistant");
    const drained = system.gateway.drain();
    gate.resolve();
    expect((await response.rest()).body.toString().endsWith(done)).toBe(true);
    await drained;
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "ok" }]);
    await expect(system.ask({ body: hello })).rejects.toThrow("ECONNREFUSED");
  });

  test("ends what has not finished in time: each caller is told, and each call has its record", async () => {
    const clock = virtualClock();
    await using system = await startTestGateway({
      deps: { clock },
      config: { drainMs: 1_000 },
      script: (response, request) => {
        if (request.body.includes('"stream":true')) {
          startStream(response);
          response.write(role);
        }
      },
    });
    const stream = await system.open({ body: streaming });
    await stream.until("assistant");
    await system.upstream.nextRequest();
    const whole = system.ask({ body: hello });
    await system.upstream.nextRequest();
    const drained = system.gateway.drain();
    await clock.advanceUntil(drained, 100);
    const [streamed, answered] = await Promise.all([stream.rest(), whole]);
    expect(streamed.body.toString()).toContain('"code":"gateway.draining"');
    expect([answered.status, errorOf(answered).code]).toEqual([503, "gateway.draining"]);
    expect(system.recorded.calls.map(({ ends }) => ends.map(({ outcome }) => outcome))).toEqual([
      ["interrupted"],
      ["interrupted"],
    ]);
  });

  test("refuses a further call on a connection that is still open, and says when to come back", async () => {
    const clock = virtualClock();
    const gate = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      deps: { clock },
      config: { drainMs: 1_000 },
      script: async (response) => {
        startStream(response);
        response.write(role);
        await gate.promise;
        response.end(delta({}, "stop") + done);
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("assistant");
    const body = JSON.stringify(hello);
    const late = connect(system.port, "127.0.0.1");
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n{`;
    await new Promise((resolve) => late.write(head, resolve));
    // Its head has been read once a request that came after it has been answered.
    await system.ask({ path: "/healthz", method: "GET" });
    const drained = system.gateway.drain();
    late.end(body.slice(1));
    const answer = await text(late);
    expect(answer).toContain("HTTP/1.1 503 ");
    expect(answer).toContain("\r\nretry-after: 1\r\n");
    expect(answer).toContain('"code":"gateway.draining"');
    gate.resolve();
    await response.rest();
    await drained;
    expect(system.recorded.calls).toHaveLength(1);
  });

  test("may be asked for twice, and of a gateway that never listened", async () => {
    const system = await startTestGateway();
    await Promise.all([system.gateway.drain(), system.gateway.drain()]);
    await system[Symbol.asyncDispose]();
    expect(system.recorded.calls).toEqual([]);
  });
});
