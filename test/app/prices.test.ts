import { expect, test } from "vitest";
import { configSchema } from "../../app/config-schema.ts";
import { loadPrices } from "../../app/prices/load-prices.ts";
import { noUsage } from "../../core/usage.ts";
import { usageNanos, worstNanos } from "../../gateway/budgets/token-prices.ts";
import { createPriceCall } from "../../processors/price-call.ts";
import { callWith } from "../processors/calls.ts";

const nowMs = Date.UTC(2026, 10, 21);
const targets = [{ provider: "claude" }, { provider: "simulated", model: "sim-large" }];
const config = configSchema.parse({
  gateway: {
    providers: { claude: { kind: "anthropic", apiKey: "k" } },
    routes: { main: { models: ["claude-sonnet-4-5", "nobody-knows-1", "*"], targets } },
    budgets: { limits: [{ level: "gateway", dollarsPerDay: 1 }] },
  },
});

test("the prices of the routes' models are those by which the pipeline prices their calls", async () => {
  const prices = await loadPrices(config, nowMs);
  expect([...prices.keys()]).toEqual(["claude/claude-sonnet-4-5", "simulated/sim-large"]);
  const book = prices.get("claude/claude-sonnet-4-5");
  const price = createPriceCall([]);
  for (const inputTokens of [7, 150_000, 250_000]) {
    const usage = { ...noUsage, inputTokens, outputTokens: 333, cacheReadTokens: 3, cacheWriteTokens: 2 };
    const call = callWith({
      provider: "anthropic",
      modelServed: "claude-sonnet-4-5",
      usage,
      startedAtNs: BigInt(nowMs) * 1_000_000n,
    });
    const cost = Number(price(call).costNanos);
    const known = book === undefined ? 0 : usageNanos(book, usage);
    expect(cost).toBeGreaterThan(0);
    expect(Math.abs(known - cost)).toBeLessThanOrEqual(1);
    expect(book && worstNanos(book, { input: inputTokens, output: 333, hasDearParts: false })).toBeGreaterThanOrEqual(
      cost,
    );
  }
});

test("no price is looked up where no limit is in dollars", async () => {
  const budgets = { ...config.gateway.budgets, limits: [] };
  expect((await loadPrices({ ...config, gateway: { ...config.gateway, budgets } }, nowMs)).size).toBe(0);
});
