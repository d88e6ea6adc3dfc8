import { describe, expect, test } from "vitest";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { CallerResponse } from "../support/caller.ts";
import type { MockUpstream } from "../support/mock-upstream.ts";
import { answerStream, startUpstream } from "../support/mock-upstream.ts";
import { lastError } from "../support/only-end.ts";
import { completion, delta, done } from "../support/openai-bytes.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello, providerAt, startTestGateway } from "../support/test-gateway.ts";
import type { Fault } from "./faults.ts";
import { faultsBeforeContent } from "./faults.ts";
import { faultyProvider } from "./faulty-provider.ts";

const good = delta({ content: "from the other" }) + delta({}, "stop") + done;
const forms = ["stream", "whole"] as const;
const rows = faultsBeforeContent.flatMap((fault) => forms.map((form) => ({ name: fault.name, form, fault })));
/** A whole answer has no first chunk to be malformed. */
const faulty = rows.filter(({ fault, form }) => fault[form].outcome !== "ok");

interface Wall extends AsyncDisposable {
  readonly system: TestGateway;
  readonly spare: MockUpstream;
  readonly clock: VirtualClock;
}

const startWall = async (fault: Fault, fallback: readonly string[]): Promise<Wall> => {
  const clock = virtualClock();
  const { provider, close } = await faultyProvider(fault.upstream);
  const spare = await startUpstream((response, request) =>
    request.body.includes('"stream":true')
      ? answerStream([good])(response, request)
      : void response.setHeader("content-type", "application/json").end(JSON.stringify(completion("from the other"))),
  );
  const system = await startTestGateway({
    ...(typeof fault.upstream === "function" ? { script: fault.upstream } : {}),
    ...(provider === null ? {} : { providerAt: () => provider }),
    providers: { spare: providerAt(spare.port) },
    deps: { clock },
    config: {
      timeouts: { connectMs: 1_000, headersMs: 2_000, idleMs: 2_000, totalMs: 10_000 },
      routes: {
        main: {
          models: ["up-1"],
          targets: [{ provider: "up" }, { provider: "spare", model: "spare-1", weight: 0 }],
          fallback,
          limits: { ttftMs: 500, answerMs: 500 },
        },
      },
    },
  });
  const stop = async (): Promise<void> => {
    await system[Symbol.asyncDispose]();
    await spare.close();
    await close();
  };
  return { system, spare, clock, [Symbol.asyncDispose]: stop };
};

const askFor = ({ system, clock }: Wall, form: (typeof forms)[number]): Promise<CallerResponse> =>
  clock.advanceUntil(system.ask({ body: form === "stream" ? { ...hello, stream: true } : hello }), 20);

const sent = (form: (typeof forms)[number]): string =>
  form === "stream" ? good : JSON.stringify(completion("from the other"));

describe("with another target", () => {
  test.each(faulty)("$name of a $form answer is made good, and the caller sees nothing of it", async (row) => {
    const { fault, form } = row;
    await using wall = await startWall(fault, ["spare/spare-1"]);
    const response = await askFor(wall, form);
    expect([response.status, response.body.toString(), response.isComplete]).toEqual([200, sent(form), true]);
    expect(wall.spare.requests).toHaveLength(1);
    expect(wall.system.upstream.requests.length).toBe(typeof fault.upstream === "function" ? 1 : 0);
    const call = await wall.system.recorded.ended(0);
    expect([wall.system.recorded.calls.length, call.ends.length]).toEqual([1, 1]);
    expect(call.ends[0]).toMatchObject({ outcome: "ok", attempts: 2, isFallback: true, httpStatus: 200 });
    expect(call.attempts.map(({ start, ends }) => [start.number, start.target, ends.length])).toEqual([
      [1, "up/up-1", 1],
      [2, "spare/spare-1", 1],
    ]);
    expect(call.attempts[0]?.ends[0]?.outcome).toBe(fault[form].outcome);
    expect(call.attempts[0]?.ends[0]?.errorType).toMatch(fault[form].errorType);
    expect(call.ends[0]?.moves?.routeReason).toMatch(/^weight 100\/100; spare\/spare-1 after /);
  });
});

describe("without another target", () => {
  test.each(faulty)("$name of a $form answer is told once, and recorded once", async ({ fault, form }) => {
    await using wall = await startWall(fault, []);
    const response = await askFor(wall, form);
    const { status, code } = fault.alone[form];
    expect(response.status).toBe(status);
    const text = response.body.toString();
    if (code !== null) {
      const told = text.startsWith("{") ? JSON.parse(text) : lastError(text);
      expect(told).toMatchObject({ error: { code } });
    }
    expect(text).not.toContain("from the other");
    expect(wall.spare.requests).toHaveLength(0);
    expect(wall.system.upstream.requests.length).toBe(typeof fault.upstream === "function" ? 1 : 0);
    const call = await wall.system.recorded.ended(0);
    expect([wall.system.recorded.calls.length, call.ends.length, call.attempts.length]).toEqual([1, 1, 1]);
    expect(call.ends[0]).toMatchObject({ attempts: 1, isFallback: false, moves: null });
    expect(call.ends[0]?.outcome).not.toBe("ok");
  });
});
