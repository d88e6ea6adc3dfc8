import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { lastError } from "../support/only-end.ts";
import { countedUsage, delta, done, usageChunk } from "../support/openai-bytes.ts";
import type { Hedged } from "./hedged-gateway.ts";
import { role, startHedged, streaming } from "./hedged-gateway.ts";

const whole = (word: string): string => role + delta({ content: word }) + delta({}, "stop") + done;

/** A call whose first target is silent, and whose second has been asked. */
const race = async (hedged: Hedged) => {
  const { system, clock, first, second } = hedged;
  const answer = system.ask({ body: streaming });
  await first.asked;
  await clock.advanceUntil(second.asked, 20);
  return answer;
};

/** The same while the race goes on. */
const begin = async (hedged: Hedged) => {
  const { system, clock, first, second } = hedged;
  const opened = system.open({ body: streaming });
  await first.asked;
  await clock.advanceUntil(second.asked, 20);
  return opened;
};

const rows = (hedged: Hedged) =>
  hedged.system.recorded.calls[0]?.attempts.map(({ start, ends }) => [
    start.target,
    ...ends.map(({ outcome, errorType }) => `${outcome} ${errorType}`),
  ]);

describe("a target that is slow to begin", () => {
  test("is raced by a second one, whose answer the caller gets; its own is let go, and what it used is waste", async () => {
    await using hedged = await startHedged();
    const { system, clock, first, second } = hedged;
    const answer = system.ask({ body: streaming });
    await first.say(role);
    await clock.advanceUntil(second.asked, 20);
    await second.finish(whole("from the second"));
    expect((await answer).body.toString()).toBe(whole("from the second"));
    await first.closed;
    const call = await system.recorded.ended(0);
    expect([system.recorded.calls.length, call.ends.length]).toEqual([1, 1]);
    expect(call.ends[0]).toMatchObject({ outcome: "ok", attempts: 2, isFallback: true });
    expect(call.ends[0]?.moves?.routeReason).toMatch(/^weight 100\/100; spare\/up-2 first, asked after 5\d\d ms$/);
    expect(call.ends[0]?.moves?.wasted).toMatchObject([{ provider: "openai", inputTokens: 3, outputTokens: 0 }]);
    expect(rows(hedged)).toEqual([
      ["up/up-1", "interrupted hedge_lost"],
      ["spare/up-2", "ok null"],
    ]);
    expect(hedged.counts("gatewayHedges")).toEqual({ "main won": 1 });
  });

  test("that has content first after all is the one that answers, and the second is let go", async () => {
    await using hedged = await startHedged();
    const { system, clock, first, second } = hedged;
    const answer = system.ask({ body: streaming });
    await first.asked;
    await clock.advanceUntil(second.asked, 20);
    await first.say(whole("from the first"));
    await first.finish();
    expect((await answer).body.toString()).toBe(whole("from the first"));
    await second.closed;
    const call = await system.recorded.ended(0);
    expect(call.ends).toMatchObject([{ outcome: "ok", attempts: 2, isFallback: false }]);
    expect(call.ends[0]?.moves?.wasted).toMatchObject([{ model: "up-2", inputTokens: 3, outputTokens: 0 }]);
    expect(rows(hedged)).toEqual([
      ["up/up-1", "ok null"],
      ["spare/up-2", "interrupted hedge_lost"],
    ]);
    expect(hedged.counts("gatewayHedges")).toEqual({ "main lost": 1 });
  });

  test("that answers in time is alone", async () => {
    await using hedged = await startHedged();
    const { system, clock, first, spare } = hedged;
    const opened = system.open({ body: streaming });
    await first.say(role + delta({ content: "quick" }));
    const response = await opened;
    await response.until("quick");
    clock.advance(5_000);
    await first.finish(delta({}, "stop") + done);
    expect((await response.rest()).body.toString()).toBe(whole("quick"));
    expect(spare.requests).toHaveLength(0);
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "ok", attempts: 1, moves: null }]);
  });

  test("that fails meanwhile has the second for its retry, and no third is asked", async () => {
    await using hedged = await startHedged();
    const answer = race(hedged);
    await hedged.second.asked;
    await hedged.first.cut();
    await hedged.heard("gatewayHedges", "main stood_in");
    await hedged.second.finish(whole("from the second"));
    expect((await answer).body.toString()).toBe(whole("from the second"));
    const call = await hedged.system.recorded.ended(0);
    expect(call.ends).toMatchObject([{ outcome: "ok", attempts: 2, isFallback: true }]);
    expect(rows(hedged)?.map(([target]) => target)).toEqual(["up/up-1", "spare/up-2"]);
  });

  test("is waited for when the second fails first", async () => {
    await using hedged = await startHedged();
    const answer = race(hedged);
    await hedged.second.finish('data: {"error":{"type":"overloaded_error"}}\n\n');
    await hedged.heard("gatewayHedges", "main failed");
    await hedged.first.finish(whole("from the first"));
    expect((await answer).body.toString()).toBe(whole("from the first"));
    expect(rows(hedged)).toEqual([
      ["up/up-1", "ok null"],
      ["spare/up-2", "provider_error overloaded_error"],
    ]);
  });
});

describe("a race", () => {
  test("that both lose ends in one error and one record", async () => {
    await using hedged = await startHedged();
    const answer = race(hedged);
    await hedged.second.cut();
    await hedged.heard("gatewayHedges", "main failed");
    await hedged.first.say(role);
    await hedged.first.cut();
    expect(lastError((await answer).body.toString())).toMatchObject({ error: { code: "provider.cut" } });
    const call = await hedged.system.recorded.ended(0);
    expect([hedged.system.recorded.calls.length, call.ends.length]).toEqual([1, 1]);
    expect(call.ends[0]).toMatchObject({ outcome: "upstream_cut", attempts: 2 });
  });

  test("whose winner is cut after its first content ends in an error event, and nobody else is asked", async () => {
    await using hedged = await startHedged();
    const opened = begin(hedged);
    await hedged.second.say(role + delta({ content: "half" }));
    const response = await opened;
    await response.until("half");
    await hedged.second.cut();
    const text = (await response.rest()).body.toString();
    expect(text.startsWith(role + delta({ content: "half" }))).toBe(true);
    expect(lastError(text)).toMatchObject({ error: { code: "provider.cut" } });
    expect((await hedged.system.recorded.ended(0)).ends).toMatchObject([{ outcome: "upstream_cut", attempts: 2 }]);
    expect([hedged.system.upstream.requests.length, hedged.spare.requests.length]).toEqual([1, 1]);
  });

  test("whose caller goes away is over for both", async () => {
    await using hedged = await startHedged();
    const { system, clock, first, second } = hedged;
    const caller = new AbortController();
    const gone = fetch(`http://127.0.0.1:${system.port}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(streaming),
      signal: caller.signal,
    }).catch(() => null);
    await first.asked;
    await clock.advanceUntil(second.asked, 20);
    caller.abort();
    await Promise.all([first.closed, second.closed, gone]);
    const call = await system.recorded.ended(0);
    expect(call.ends).toMatchObject([{ outcome: "client_abort", attempts: 2 }]);
    expect(call.ends[0]?.moves?.wasted).toMatchObject([{ model: "up-2" }]);
    expect(rows(hedged)).toEqual([
      ["up/up-1", "client_abort client_abort"],
      ["spare/up-2", "interrupted hedge_lost"],
    ]);
    expect(hedged.counts("gatewayHedges")).toEqual({ "main dropped": 1 });
  });

  test("is over for both when the gateway stops", async () => {
    await using hedged = await startHedged();
    const answer = race(hedged);
    await hedged.second.asked;
    await hedged.clock.advanceUntil(hedged.system.gateway.drain(), 10);
    await Promise.all([hedged.first.closed, hedged.second.closed]);
    expect((await answer).status).toBe(503);
    const call = await hedged.system.recorded.ended(0);
    expect(call.ends).toMatchObject([{ outcome: "interrupted", errorType: "gateway.draining", attempts: 2 }]);
    expect(call.attempts.map(({ ends }) => ends.length)).toEqual([1, 1]);
    expect(hedged.clock.sleeping()).toBe(0);
  });

  test("whose loser is billed all the same reads it to its end, and knows what it cost", async () => {
    await using hedged = await startHedged({ provider: { abortStopsBilling: false } });
    const { system, clock, first, second } = hedged;
    const opened = system.open({ body: streaming });
    await first.asked;
    await clock.advanceUntil(second.asked, 20);
    await second.say(role + delta({ content: "quick" }));
    const response = await opened;
    await response.until("quick");
    await first.say(role + delta({ content: "slow" }));
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    await first.finish(delta({}, "stop") + usageChunk(countedUsage.sent) + done);
    await first.closed;
    await second.finish(delta({}, "stop") + done);
    expect((await response.rest()).body.toString()).toBe(whole("quick"));
    const call = await system.recorded.ended(0);
    expect(call.ends[0]?.moves?.wasted).toMatchObject([{ model: "up-1-served", inputTokens: 11, outputTokens: 7 }]);
    expect(rows(hedged)?.[0]).toEqual(["up/up-1", "interrupted hedge_lost"]);
  });
});
