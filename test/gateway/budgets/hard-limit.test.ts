import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { errorOf } from "../support/caller.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello } from "../support/test-gateway.ts";
import { startLimited } from "./limited-gateway.ts";
import { nanosOf } from "./spending.ts";
import { dollar } from "./table-of.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-budgets-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const asked = z.object({ max_tokens: z.number() });

/** Spends as much as it may: all output tokens that the request allows. */
const greedy =
  (onSpend: (nanos: number) => void): UpstreamScript =>
  async (response, request) => {
    const output = asked.parse(JSON.parse(request.body.toString())).max_tokens;
    onSpend(nanosOf(request.body.length, output));
    const usage = { prompt_tokens: request.body.length, completion_tokens: output };
    // Answers come back in another order than they were asked for.
    await new Promise((resolve) => setImmediate(resolve));
    await answerJson(completion("ok", usage))(response, request);
  };

/** Asks until it is refused; resolves with how often it was served. */
const loop = async (system: TestGateway, maxTokens: number): Promise<number> => {
  for (let served = 0; ; served += 1) {
    const { status } = await system.ask({ body: { ...hello, max_tokens: maxTokens } });
    if (status !== 200) return served;
  }
};

describe("a hard limit of one dollar", () => {
  test("is never passed by 200 parallel loops, and is used up but for one call", { timeout: 30_000 }, async () => {
    let spent = 0;
    const script = greedy((nanos) => {
      spent += nanos;
    });
    await using system = await startLimited({ dir, limits: [{ level: "gateway", dollarsPerMonth: 1 }], script });
    const served = await Promise.all(Array.from({ length: 200 }, (_, index) => loop(system, 50 + (index % 50))));
    expect(spent).toBeLessThanOrEqual(dollar);
    expect(spent).toBeGreaterThan(0.98 * dollar);
    const calls = served.reduce((sum, each) => sum + each, 0);
    const outcomes = Map.groupBy(system.recorded.calls, ({ ends }) => ends[0]?.outcome);
    expect([outcomes.get("ok")?.length, outcomes.get("over_budget")?.length]).toEqual([calls, 200]);
  });

  test.each([{ replicas: 1 }, { replicas: 2 }])(
    "holds over a restart, and over a kill, for one of $replicas replicas",
    async ({ replicas }) => {
      const limits = [{ level: "gateway", dollarsPerMonth: 0.01 * replicas }];
      const budgets = { replicas };
      const all: number[] = [];
      const script = greedy((nanos) => all.push(nanos));
      await using killed = await startLimited({ dir, limits, budgets, script });
      await killed.ask({ body: { ...hello, max_tokens: 100 } });
      for (const gatewayId of ["after a kill", "after a restart"]) {
        await using next = await startLimited({ dir, limits, budgets, script, gatewayId });
        await loop(next, 100);
        await next.gateway.drain();
      }
      const spent = all.reduce((sum, nanos) => sum + nanos, 0);
      expect(spent).toBeLessThanOrEqual(0.01 * dollar);
      expect(spent).toBeGreaterThan(0.008 * dollar);
    },
  );

  test("refuses with 429 in OpenAI's shape, tells when to try again, and records the call", async () => {
    await using system = await startLimited({ dir, limits: [{ level: "gateway", dollarsPerHour: 0 }] });
    const response = await system.ask({ body: hello });
    expect([response.status, errorOf(response)]).toEqual([
      429,
      {
        message: "The call could pass the limit of the gateway on dollars per hour.",
        type: "insufficient_quota",
        param: null,
        code: "insufficient_quota",
      },
    ]);
    expect(Number(response.headers["retry-after"])).toBeLessThanOrEqual(3_600);
    expect(response.headers["x-should-retry"]).toBe("false");
    const [call] = system.recorded.calls;
    expect(response.headers["x-request-id"]).toBe(call?.callId);
    expect(call?.start).toMatchObject({ route: "main", provider: "plumbline", variant: "none", serverAddress: null });
    expect([call?.attempts, call?.ends]).toMatchObject([
      [],
      [{ outcome: "over_budget", errorType: "budget.exceeded", attempts: 0 }],
    ]);
    expect(system.upstream.requests).toEqual([]);
  });

  test("refuses a model without a price, unless it may be free", async () => {
    const limits = [{ level: "gateway", dollarsPerHour: 1 }];
    const free = { dir, limits, prices: new Map() };
    await using strict = await startLimited(free);
    const refused = await strict.ask({ body: hello });
    expect([refused.status, errorOf(refused).code]).toEqual([400, "budget.unpriced"]);
    await using lax = await startLimited({ ...free, budgets: { unpriced: "allow" } });
    expect((await lax.ask({ body: hello })).status).toBe(200);
  });

  test.each([
    { name: "only gets shadows", main: {}, status: 200 },
    { name: "stands in for others as well", main: { fallback: ["up/up-9"] }, status: 400 },
    { name: "takes calls as well", main: { weight: 1 }, status: 400 },
  ])("needs no price of a shadow's target only while that $name", async ({ main: { weight = 0, ...more }, status }) => {
    const limits = [{ level: "gateway", dollarsPerHour: 1 }];
    const targets = [{ provider: "up" }, { provider: "up", model: "up-9", weight }];
    const main = { models: ["up-1"], targets, shadow: { variant: "up/up-9", share: 0 }, ...more };
    await using system = await startLimited({ dir, limits, config: { routes: { main } } });
    expect((await system.ask({ body: hello })).status).toBe(status);
  });
});
