import { describe, expect, test } from "vitest";
import type { Bus } from "../../../bus/bus.ts";
import { systemClock } from "../../../core/clock.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { feedback } from "../../../core/feedback.ts";
import { topics } from "../../../core/topics.ts";
import type { MemoryBus } from "../../support/memory-bus.ts";
import { openMemoryBus } from "../../support/memory-bus.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { keyEntry } from "../keys/key-entry.ts";
import type { CallerResponse } from "../support/caller.ts";
import { errorOf } from "../support/caller.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const nowMs = Date.UTC(2026, 0, 5);
const callId = "0123456789abcdef";
const traceId = "0123456789abcdef0123456789abcdef";

interface Taken extends AsyncDisposable {
  readonly system: TestGateway;
  readonly bus: MemoryBus;
  readonly clock: VirtualClock;
  readonly send: (body: unknown) => Promise<CallerResponse>;
}

const open = async (publish?: Bus["publish"]): Promise<Taken> => {
  const bus = openMemoryBus({ clock: systemClock });
  const clock = virtualClock(nowMs);
  const system = await startTestGateway({ deps: { bus: publish === undefined ? bus : { publish }, clock } });
  return {
    system,
    bus,
    clock,
    send: (body) => system.ask({ path: "/v1/feedback", body }),
    [Symbol.asyncDispose]: async () => {
      await system[Symbol.asyncDispose]();
      await bus.close();
    },
  };
};

/** The same with two keys, of which one is disabled. */
const openLocked = async (): Promise<Pick<Taken, "system" | "bus"> & AsyncDisposable> => {
  const bus = openMemoryBus({ clock: systemClock });
  const keys = [keyEntry("good"), keyEntry("off", { isDisabled: true })];
  const system = await startTestGateway({ deps: { bus }, config: { keys } });
  return {
    system,
    bus,
    [Symbol.asyncDispose]: async () => {
      await system[Symbol.asyncDispose]();
      await bus.close();
    },
  };
};

const told = (bus: MemoryBus): readonly unknown[] =>
  bus
    .recordsOf(topics.feedback)
    .map(({ key, value }) => ({ key, ...feedback.parse(JSON.parse(Buffer.from(value).toString())) }));

describe("feedback", () => {
  test("is accepted once it is on the bus, under the key of its call", async () => {
    await using taken = await open();
    const response = await taken.send({ callId, name: "thumbs", value: 1 });
    expect([response.status, String(response.body)]).toEqual([202, '{"accepted":1}']);
    expect(response.headers["x-request-id"]).toMatch(/^[0-9a-f]{16}$/);
    expect(told(taken.bus)).toEqual([{ key: callId, callId, name: "thumbs", value: 1, source: "user", at: nowMs }]);
  });

  test("comes many facts at a time, about calls and traces, in their order", async () => {
    await using taken = await open();
    const facts = [
      { traceId, name: "resolved", value: 0, label: "down", source: "app", at: nowMs - 5 },
      { callId: callId.toUpperCase(), traceId, name: "faithfulness", value: 0.5, source: "judge", at: nowMs },
    ];
    expect((await taken.send(facts)).status).toBe(202);
    expect(told(taken.bus)).toEqual([
      { key: traceId, ...facts[0] },
      { key: callId, ...facts[1], callId },
    ]);
  });

  const fact = { callId, name: "thumbs", value: 1 };
  test.each([
    { name: "no JSON", body: Buffer.from("{"), param: null },
    { name: "no fact", body: [], param: null },
    { name: "101 facts", body: Array(101).fill(fact), param: null },
    { name: "no call", body: { name: "thumbs", value: 1 }, param: null },
    { name: "a call id that is none", body: [fact, { ...fact, callId: "abc" }], param: "[1].callId" },
    { name: "a value that is text", body: { ...fact, value: "1" }, param: "value" },
    { name: "no name", body: { callId, value: 1 }, param: "name" },
    { name: "a name with a newline", body: { ...fact, name: "a\n" }, param: "name" },
    { name: "a time ahead of now", body: [{ ...fact, at: nowMs + 600_000 }], param: "[0].at" },
    { name: "a member that is not known", body: { ...fact, comment: "?" }, param: null },
  ])("is refused whole with 400 that names the place: $name", async ({ body, param }) => {
    await using taken = await open();
    const response = await taken.send(body);
    expect(response.status).toBe(400);
    expect(errorOf(response)).toMatchObject({ code: "request.malformed", param });
    expect(told(taken.bus)).toEqual([]);
  });

  test("is refused with 503 and a time to come back while the bus takes none", async () => {
    await using taken = await open();
    taken.bus.setOutage(new PlumblineError("bus.full", "the log is full"));
    const refused = await taken.send(fact);
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
    expect(errorOf(refused)).toMatchObject({ code: "bus.full", message: "the log is full" });
    taken.bus.setOutage(null);
    expect((await taken.send(fact)).status).toBe(202);
  });

  test("does not wait for a bus that does not answer", async () => {
    await using taken = await open(() => new Promise(() => {}));
    const response = await taken.clock.advanceUntil(taken.send(fact), 10);
    expect(response.status).toBe(503);
    expect(errorOf(response)).toMatchObject({ code: "bus.unavailable" });
  });

  test("is posted: nothing else is answered, and its path is named where another is asked for", async () => {
    await using taken = await open();
    const got = await taken.system.ask({ path: "/v1/feedback", method: "GET" });
    expect([got.status, got.headers["allow"]]).toEqual([405, "POST"]);
    const other = await taken.system.ask({ path: "/v1/feedbacks", body: {} });
    expect(errorOf(other)).toMatchObject({ message: expect.stringContaining("/v1/feedback") });
  });

  test.each([
    { name: "without a key", headers: {} },
    { name: "with an unknown key", headers: { authorization: "Bearer guess" } },
    { name: "with a disabled key", headers: { authorization: "Bearer off" } },
    { name: "with Anthropic's header", headers: { "x-api-key": "good" } },
  ])("with keys configured is refused with 401 $name, before its body is read", async ({ headers }) => {
    await using taken = await openLocked();
    const refused = await taken.system.ask({ path: "/v1/feedback", body: "{", headers });
    expect([refused.status, errorOf(refused).code]).toEqual([401, "invalid_api_key"]);
    expect(refused.headers["www-authenticate"]).toBe("Bearer");
    expect(told(taken.bus)).toEqual([]);
  });

  test("with keys configured is taken with a key", async () => {
    await using taken = await openLocked();
    const headers = { authorization: "Bearer good" };
    expect((await taken.system.ask({ path: "/v1/feedback", body: fact, headers })).status).toBe(202);
    expect(told(taken.bus)).toMatchObject([{ key: callId, value: 1 }]);
  });
});
