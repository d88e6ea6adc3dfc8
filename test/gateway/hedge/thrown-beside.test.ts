import { describe, expect, test } from "vitest";
import type { AttemptStart, CallRecorder, OpenAttempt } from "../../../gateway/call-recorder.ts";
import { keptCalls } from "../support/kept-calls.ts";
import { answerStream } from "../support/mock-upstream.ts";
import { delta, done } from "../support/openai-bytes.ts";
import type { Hedged } from "./hedged-gateway.ts";
import { role, startHedged, streaming } from "./hedged-gateway.ts";

/** A recorder as any other, but for the attempts of a call. */
const recorderWith = (change: (start: AttemptStart, open: () => OpenAttempt) => OpenAttempt) => {
  const kept = keptCalls();
  const recorder: CallRecorder = {
    start: (start) => {
      const call = kept.start(start);
      return { ...call, startAttempt: (attempt) => change(attempt, () => call.startAttempt(attempt)) };
    },
  };
  return { kept, recorder };
};

const answer = role + delta({ content: "yes" }) + delta({}, "stop") + done;
const request = { ...streaming, max_tokens: 1_000 };
const boom = new Error("boom");

/** Room for two attempts at the request, but not for one and a call of twice the size. */
const limit = 2_600;
const config = { budgets: { limits: [{ level: "gateway", tokensPerMinute: limit }] } };
const provider = { apiKey: undefined, keys: [{ name: "only", key: "k", tokensPerMinute: limit }] };

/** Resolves when it is told what came of the race, or why there is none. */
const decided = async ({ counts }: Hedged): Promise<void> => {
  while (Object.keys({ ...counts("gatewayHedges"), ...counts("gatewayHedgesDenied") }).length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** The status of a call that takes nearly all the room there is. */
const nextCall = async ({ system, spare }: Hedged, model: string, maxTokens: number): Promise<number> => {
  for (const upstream of [system.upstream, spare]) upstream.script(answerStream([answer]));
  return (await system.ask({ body: { ...request, model, max_tokens: maxTokens } })).status;
};

/** The second target, asked first. */
const routes = { b: { models: ["b"], targets: [{ provider: "spare" }] } };

describe("something is thrown by the second attempt of a race", () => {
  test("before it is sent: the first answers, and neither budget nor key is held for it", async () => {
    const { kept, recorder } = recorderWith(({ number }, open) => {
      if (number === 2) throw boom;
      return open();
    });
    await using hedged = await startHedged({ config, provider, routes, deps: { recorder } });
    const asked = hedged.system.ask({ body: request });
    await hedged.first.asked;
    await hedged.clock.advanceUntil(decided(hedged), 20);
    await hedged.first.finish(answer);
    expect((await asked).body.toString()).toBe(answer);
    expect((await kept.ended(0)).ends).toMatchObject([{ outcome: "ok", attempts: 1, moves: null }]);
    expect(hedged.counts("gatewayHedges")).toEqual({ "main failed": 1 });
    expect([await nextCall(hedged, "up-1", 2_300), await nextCall(hedged, "b", 2_300)]).toEqual([200, 200]);
  });

  test("when it has failed: the first answers", async () => {
    const { kept, recorder } = recorderWith(({ number }, open) => {
      const end = (): never => {
        throw boom;
      };
      return number === 2 ? { ...open(), end } : open();
    });
    await using hedged = await startHedged({ deps: { recorder } });
    const asked = hedged.system.ask({ body: request });
    await hedged.first.asked;
    await hedged.clock.advanceUntil(hedged.second.asked, 20);
    await hedged.second.cut();
    await decided(hedged);
    await hedged.first.finish(answer);
    expect((await asked).body.toString()).toBe(answer);
    expect((await kept.ended(0)).ends).toMatchObject([{ outcome: "ok" }]);
  });
});

test("a second attempt that a budget denies takes nothing of a key's minute", async () => {
  const limits = [{ level: "gateway", tokensPerMinute: 2_300 }];
  await using hedged = await startHedged({ provider, config: { budgets: { limits } }, routes });
  const asked = hedged.system.ask({ body: request });
  await hedged.first.asked;
  await hedged.clock.advanceUntil(decided(hedged), 20);
  await hedged.first.finish(answer);
  expect([(await asked).status, hedged.counts("gatewayHedgesDenied")]).toEqual([200, { "main budget": 1 }]);
  expect(await nextCall(hedged, "b", 2_000)).toBe(200);
});
