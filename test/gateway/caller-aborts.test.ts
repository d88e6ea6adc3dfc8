import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { virtualClock } from "../support/virtual-clock.ts";
import { send } from "./support/caller.ts";
import { startStream } from "./support/mock-upstream.ts";
import { onlyEnd } from "./support/only-end.ts";
import { completion, delta, done } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;
const role = delta({ role: "assistant", content: "" });
const timeouts = { connectMs: 1_000, headersMs: 1_000, idleMs: 500, totalMs: 5_000 };

describe("a caller that goes away", () => {
  test("stops the provider at once, and the call has its record with what was used so far", async () => {
    const closed = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      script: (response) => {
        startStream(response);
        response.write(role + delta({ content: "12345678" }));
        response.on("close", () => closed.resolve());
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("12345678");
    response.hangUp();
    await closed.promise;
    const end = await onlyEnd(system);
    expect(end).toMatchObject({ outcome: "client_abort", httpStatus: 200, finishReasons: [] });
    expect(end.usage).toMatchObject({ inputTokens: 3, outputTokens: 2, source: "estimated" });
    expect(JSON.parse(end.outputMessages ?? "")).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "12345678" }] },
    ]);
  });

  test("before the provider answers leaves a record without token counts", async () => {
    const closed = Promise.withResolvers<void>();
    await using system = await startTestGateway({ script: (response) => void response.on("close", closed.resolve) });
    const sent = send({ port: system.port, body: hello });
    sent.on("error", () => {});
    await system.upstream.nextRequest();
    sent.destroy();
    await closed.promise;
    expect(await onlyEnd(system)).toMatchObject({
      outcome: "client_abort",
      httpStatus: null,
      usage: { source: "none" },
    });
  });

  test("after [DONE] has a call that went well", async () => {
    const closed = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      script: (response) => {
        startStream(response);
        response.write(role + delta({ content: "a" }, "stop") + done);
        response.on("close", () => closed.resolve());
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("[DONE]");
    response.hangUp();
    await closed.promise;
    expect(await onlyEnd(system)).toMatchObject({ outcome: "ok" });
  });
});

/** Resolves when a number has not changed for some hundred turns of the event loop. */
const standsStill = async (read: () => number): Promise<void> => {
  let last = read();
  for (let turns = 0; turns < 400; turns += 1) {
    await setImmediate();
    turns = read() === last ? turns : 0;
    last = read();
  }
};

describe("a caller that reads slowly", () => {
  test("slows the provider down instead of filling memory, and is no stall of the provider", async () => {
    const clock = virtualClock();
    const chunks = 1_000;
    const chunk = delta({ content: "x".repeat(60_000) });
    let sent = 0;
    await using system = await startTestGateway({
      deps: { clock },
      config: { timeouts: { ...timeouts, totalMs: 100_000 } },
      script: async (response) => {
        startStream(response);
        for (; sent < chunks; sent += 1) {
          if (!response.write(chunk)) {
            await once(response, "drain");
          }
        }
        response.end(delta({}, "stop") + done);
      },
    });
    const response = await system.open({ body: streaming });
    response.message.pause();
    await standsStill(() => sent);
    expect(sent).toBeLessThan(chunks);
    clock.advance(10_000);
    expect(system.recorded.calls[0]?.ends).toEqual([]);
    response.message.resume();
    const { body } = await response.rest();
    expect(body.length).toBe(chunks * Buffer.byteLength(chunk) + Buffer.byteLength(delta({}, "stop") + done));
    expect((await onlyEnd(system)).outcome).toBe("ok");
  });
});

test("many calls at once each have one record, whatever becomes of them", async () => {
  await using system = await startTestGateway({
    script: (response, request) => {
      const kind = Number(/kind (\d)/.exec(request.body.toString())?.[1]);
      if (kind === 0) {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(completion("ok")));
      } else if (kind === 1) {
        response.destroy();
      } else if (kind === 2) {
        startStream(response);
        response.end(role);
      } else {
        response.writeHead(500, { "content-type": "application/json" }).end("{}");
      }
    },
  });
  const asked = Array.from({ length: 80 }, (_, index) =>
    system.ask({ body: { model: "up-1", messages: [{ role: "user", content: `kind ${index % 4}` }] } }),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses).toEqual(Array.from({ length: 80 }, (_, index) => [200, 502, 200, 500][index % 4]));
  expect(system.recorded.calls.map(({ ends }) => ends.length)).toEqual(Array.from({ length: 80 }, () => 1));
  const ids = system.recorded.calls.map(({ callId }) => callId);
  expect(new Set(ids).size).toBe(80);
});
