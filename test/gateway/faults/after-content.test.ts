import { describe, expect, test } from "vitest";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerStream, startStream, startUpstream } from "../support/mock-upstream.ts";
import { lastError, onlyEnd } from "../support/only-end.ts";
import { delta, done } from "../support/openai-bytes.ts";
import { hello, providerAt, startTestGateway } from "../support/test-gateway.ts";

const begun = delta({ role: "assistant", content: "" }) + delta({ content: "half" });
const streaming = { ...hello, stream: true } as const;
const timeouts = { connectMs: 1_000, headersMs: 60_000, idleMs: 60_000, totalMs: 600_000 };

/** A route whose target can be stood in for by one that nobody should ask here. */
const withSpare = (port: number, more: object = {}) => ({
  providers: { spare: providerAt(port) },
  config: {
    timeouts,
    routes: {
      main: {
        models: ["up-1"],
        targets: [{ provider: "up" }, { provider: "spare", weight: 0 }],
        fallback: ["spare"],
        limits: { ttftMs: 500, stallMs: 500 },
        ...more,
      },
    },
  },
});

const faults: readonly {
  readonly name: string;
  readonly goOn: UpstreamScript;
  readonly code: string;
  readonly outcome: string;
}[] = [
  {
    name: "cut mid-stream",
    goOn: (response) => void response.destroy(),
    code: "provider.cut",
    outcome: "upstream_cut",
  },
  {
    name: "partial JSON mid-stream",
    goOn: (response) => void response.end('data: {"choices":[{"del'),
    code: "provider.cut",
    outcome: "upstream_cut",
  },
  { name: "stall mid-stream", goOn: () => {}, code: "provider.timeout", outcome: "stalled" },
];

describe("after the first content", () => {
  test.each(faults)("$name ends in an error event, and nobody else is asked", async ({ goOn, code, outcome }) => {
    const clock = virtualClock();
    const gate = Promise.withResolvers<void>();
    const spare = await startUpstream(answerStream([done]));
    await using system = await startTestGateway({
      ...withSpare(spare.port),
      deps: { clock },
      script: async (response, request) => {
        startStream(response);
        response.write(begun);
        await gate.promise;
        await goOn(response, request);
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("half");
    gate.resolve();
    const { body } = await clock.advanceUntil(response.rest(), 50);
    expect(body.toString().startsWith(begun)).toBe(true);
    expect(lastError(body.toString())).toMatchObject({ error: { code } });
    expect([system.upstream.requests.length, spare.requests.length]).toEqual([1, 0]);
    expect(await onlyEnd(system)).toMatchObject({ outcome, attempts: 1, isFallback: false });
    await spare.close();
  });

  test("a slow drip is no fault: it passes as it comes", async () => {
    const clock = virtualClock();
    let write = (_text: string): void => {};
    const spare = await startUpstream(answerStream([done]));
    await using system = await startTestGateway({
      ...withSpare(spare.port),
      deps: { clock },
      script: (response) => {
        startStream(response);
        write = (text) => void (text === done ? response.end(done) : response.write(text));
        write(begun);
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("half");
    for (const word of ["<1>", "<2>", "<3>"]) {
      clock.advance(400);
      write(delta({ content: word }, word === "<3>" ? "stop" : null));
      await response.until(word);
    }
    write(done);
    expect((await response.rest()).body.toString().endsWith(done)).toBe(true);
    expect(await onlyEnd(system)).toMatchObject({ outcome: "ok", attempts: 1, worstGapMs: 400 });
    await spare.close();
  });
});

describe("before the first content", () => {
  test("a drip without content does not reset the limit", async () => {
    const clock = virtualClock();
    const spare = await startUpstream(answerStream([delta({ content: "spare" }, "stop"), done]));
    await using system = await startTestGateway({
      ...withSpare(spare.port),
      deps: { clock },
      script: async (response) => {
        startStream(response);
        while (!response.destroyed) {
          response.write(": still there\n\n");
          await clock.sleep(100);
        }
      },
    });
    const { body } = await clock.advanceUntil(system.ask({ body: streaming }), 50);
    expect(body.toString()).not.toContain("still there");
    expect(body.toString()).toContain("spare");
    const call = await system.recorded.ended(0);
    expect(call.ends[0]).toMatchObject({ outcome: "ok", attempts: 2, isFallback: true });
    // The request was sent, so that the provider may bill it: what it used is estimated.
    expect(call.ends[0]?.moves?.wasted).toMatchObject([{ provider: "openai", model: "up-1", inputTokens: 3 }]);
    await spare.close();
  });

  test.each([
    { name: "an error event", bytes: 'data: {"error":{"type":"overloaded_error"}}\n\n', type: "overloaded_error" },
    { name: "an event that is no JSON", bytes: "data: {{\n\n", type: "malformed_chunk" },
  ])("$name moves the call on at once, and not only when the stream ends", async ({ bytes, type }) => {
    const spare = await startUpstream(answerStream([delta({ content: "spare" }, "stop"), done]));
    await using system = await startTestGateway({
      ...withSpare(spare.port),
      deps: { clock: virtualClock() },
      script: (response) => {
        startStream(response);
        response.write(bytes);
      },
    });
    expect((await system.ask({ body: streaming })).body.toString()).not.toContain(bytes);
    const call = await system.recorded.ended(0);
    expect(call.attempts.map(({ ends }) => ends[0]?.errorType)).toEqual([type, null]);
    await spare.close();
  });

  test("a late answer is waited for where nobody else can be asked", async () => {
    const clock = virtualClock();
    const gate = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      deps: { clock },
      config: {
        timeouts,
        routes: { main: { models: ["up-1"], targets: [{ provider: "up" }], limits: { ttftMs: 500 } } },
      },
      script: async (response, request) => {
        await gate.promise;
        await answerStream([begun, delta({}, "stop"), done])(response, request);
      },
    });
    const asked = system.ask({ body: streaming });
    await system.upstream.nextRequest();
    clock.advance(5_000);
    gate.resolve();
    expect((await asked).body.toString()).toContain("half");
    expect(await onlyEnd(system)).toMatchObject({ outcome: "ok", attempts: 1 });
  });
});
