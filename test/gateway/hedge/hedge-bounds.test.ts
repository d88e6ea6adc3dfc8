import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMarks, totalsOf } from "../../../gateway/budgets/budget-file.ts";
import { usageNanos } from "../../../gateway/budgets/token-prices.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { prices as basePrices, nanosOf } from "../budgets/spending.ts";
import { answerStream, startUpstream } from "../support/mock-upstream.ts";
import { countedUsage, delta, done, usageChunk } from "../support/openai-bytes.ts";
import { providerAt, startTestGateway } from "../support/test-gateway.ts";
import type { Hedged } from "./hedged-gateway.ts";
import { role, startHedged, streaming } from "./hedged-gateway.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-hedge-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const up = basePrices.get("up/up-1");
if (up === undefined) throw new Error("there is no price of up-1");
/** The second target costs twice as much. */
const dear = {
  ...up,
  steps: up.steps.map((step) => ({ ...step, input: step.input * 2, output: step.output * 2 })),
};
const prices = new Map([
  ["up/up-1", up],
  ["spare/up-2", dear],
]);
const spending = () => ({ prices, file: join(dir, "budgets.jsonl"), gatewayId: "gateway-1" });
const request = { ...streaming, max_tokens: 1_000 };
const answer = role + delta({ content: "yes" }) + delta({}, "stop") + usageChunk(countedUsage.sent) + done;

const slowCall = async ({ system, clock, first, second, counts }: Hedged, body: object) => {
  const asked = system.ask({ body });
  await first.asked;
  const isDecided = Promise.race([second.asked, denied(counts)]);
  await clock.advanceUntil(isDecided, 20);
  return asked;
};

const denied = async (counts: Hedged["counts"]): Promise<void> => {
  while (Object.keys(counts("gatewayHedgesDenied")).length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe("a hedge under a hard budget", () => {
  const config = { budgets: { limits: [{ level: "gateway", dollarsPerHour: 1 }] } };

  test("charges the winner what it used and the loser what it wasted", async () => {
    const hedged = await startHedged({ config, deps: { spending: spending() } });
    const asked = slowCall(hedged, request);
    await hedged.second.finish(answer);
    expect((await asked).status).toBe(200);
    const [end] = (await hedged.system.recorded.ended(0)).ends;
    await hedged[Symbol.asyncDispose]();
    const [lost] = end?.moves?.wasted ?? [];
    expect(end?.usage).toEqual(countedUsage.recorded);
    const cost = usageNanos(dear, countedUsage.recorded);
    const waste = nanosOf(lost?.inputTokens ?? 0, lost?.outputTokens ?? 0);
    expect([waste > 0, spentNanos()]).toEqual([true, [cost + waste]]);
  });

  test("is not sent where the budget has no room for both", async () => {
    const spends = { ...spending(), prices: new Map([...prices].map(([key]) => [key, dear])) };
    const limits = [{ level: "gateway", dollarsPerHour: 0.03 }];
    await using hedged = await startHedged({ config: { budgets: { limits } }, deps: { spending: spends } });
    const asked = slowCall(hedged, request);
    await denied(hedged.counts);
    await hedged.first.finish(answer);
    expect((await asked).status).toBe(200);
    expect(hedged.spare.requests).toHaveLength(0);
    expect(hedged.counts("gatewayHedgesDenied")).toEqual({ "main budget": 1 });
    expect((await hedged.system.recorded.ended(0)).ends).toMatchObject([{ attempts: 1, moves: null }]);
  });
});

describe("a slow stream gets no second attempt", () => {
  test.each([
    { reason: "cost", args: { hedge: { maxCostUsd: 0.000001 } }, body: request },
    { reason: "share", args: { hedge: { maxShare: 0.5 } }, body: request },
    { reason: "unsafe", args: {}, body: { ...request, store: true } },
  ])("because of $reason, and its caller waits for the first", async ({ reason, args, body }) => {
    await using hedged = await startHedged({ ...args, deps: { spending: spending() } });
    const asked = slowCall(hedged, body);
    await denied(hedged.counts);
    await hedged.first.finish(answer);
    expect((await asked).body.toString()).toBe(answer.replace(usageChunk(countedUsage.sent), ""));
    expect(hedged.spare.requests).toHaveLength(0);
    expect(hedged.counts("gatewayHedgesDenied")).toEqual({ [`main ${reason}`]: 1 });
  });
});

test("of calls that are all slow, no more than the share is sent twice", async () => {
  const clock = virtualClock();
  const spare = await startUpstream(answerStream([answer]));
  await using system = await startTestGateway({
    script: async (response, incoming) => {
      await clock.sleep(1_000);
      await answerStream([answer])(response, incoming);
    },
    providers: { spare: providerAt(spare.port) },
    deps: { clock },
    config: {
      routes: {
        main: {
          models: ["up-1"],
          targets: [{ provider: "up" }, { provider: "spare", weight: 0 }],
          fallback: ["spare"],
          hedge: { afterMs: 100, maxShare: 0.25 },
        },
      },
    },
  });
  const hedged: number[] = [];
  for (let call = 0; call < 12; call += 1) {
    await clock.advanceUntil(system.ask({ body: streaming }), 50);
    hedged.push((await system.recorded.ended(call)).attempts.length);
  }
  expect(hedged).toEqual([1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 2]);
  await spare.close();
});

describe("hedge in the configuration", () => {
  const targets = [{ provider: "simulated" }, { provider: "recorded" }];
  test.each([
    { hedge: {}, route: { fallback: ["recorded"] }, message: "it needs afterMs or afterQuantile" },
    { hedge: { afterMs: 1 }, route: {}, message: "it needs fallback: the targets that may be asked" },
    {
      hedge: { afterMs: 1 },
      route: { fallback: ["recorded"], retry: { attempts: 1 } },
      message: "it needs retry.attempts of at least 2",
    },
  ])("$hedge with $route: $message", ({ hedge, route, message }) => {
    const parsed = gatewayConfig.safeParse({ routes: { r: { models: ["m"], targets, hedge, ...route } } });
    expect(parsed.error?.issues.map((issue) => [issue.path.join("."), issue.message])).toEqual([
      ["routes.r.hedge", message],
    ]);
  });
});

/** What the budget's file says was spent. */
const spentNanos = (): readonly number[] => totalsOf(readMarks(join(dir, "budgets.jsonl"))).map(({ nanos }) => nanos);
