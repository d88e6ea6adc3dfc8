import { calcPrice, findProvider } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noUsage } from "../../core/usage.ts";
import { createPriceCall } from "../../processors/price-call.ts";
import { createTableLookup } from "../../processors/table-prices.ts";
import { tableUsage } from "../../processors/table-usage.ts";
import { callWith } from "./calls.ts";

const providers = [
  "openai",
  "anthropic",
  "google",
  "aws",
  "azure",
  "mistral",
  "groq",
  "deepseek",
  "x-ai",
  "cohere",
].concat(["openrouter", "together", "fireworks", "moonshotai", "perplexity", "cerebras"]);
const models = providers.flatMap((providerId) =>
  (findProvider({ providerId })?.models ?? []).map(({ id }) => ({ providerId, model: id })),
);
const tokens = fc.oneof(
  fc.nat(5_000),
  fc.constantFrom(0, 128_000, 200_000, 200_001, 272_000, 272_001),
  fc.nat(3_000_000),
);
const parts = fc.record({
  inputAudio: tokens,
  inputImage: tokens,
  cacheReadAudio: tokens,
  cacheReadImage: tokens,
  cacheWrite1h: tokens,
  outputAudio: tokens,
  outputImage: tokens,
});
const usages = fc.record({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  reasoningTokens: tokens,
  parts: fc.oneof(fc.constant({}), parts),
});
/** From 2023 to 2026, by the millisecond: prices change at dates and at times of the day. */
const times = fc.integer({ min: 1_672_531_200_000, max: 1_798_761_599_999 });

describe("a call of the public table's models", () => {
  test("costs what the table itself makes of it, to the pico-dollar", () => {
    const priceCall = createPriceCall([]);
    fc.assert(
      fc.property(fc.constantFrom(...models), usages, times, ({ providerId, model }, members, atMs) => {
        const usage = { ...noUsage, ...members, source: "provider" as const };
        const startedAtNs = BigInt(atMs) * 1_000_000n;
        const priced = priceCall(callWith({ provider: providerId, modelServed: model, usage, startedAtNs }));
        const timestamp = new Date(atMs);
        const found = calcPrice(tableUsage(usage), model, { providerId, timestamp });
        const nanos = found === null ? null : (BigInt(Math.round(found.total_price * 1e12)) + 500n) / 1_000n;
        expect(priced.costNanos).toBe(nanos);
        expect(priced.priceId).toBe(found === null ? null : `${found.provider.id}/${found.model.id}`);
      }),
      { numRuns: 20_000 },
    );
  });

  test("has its prices in whole pico-dollars, nearly always", () => {
    const lookup = createTableLookup();
    const found = models
      .map((asked) => lookup({ ...asked, atMs: 1_763_000_000_000 }))
      .filter((entry) => entry !== null);
    const exact = found.filter(({ steps }) => steps !== null);
    expect(found.length).toBeGreaterThan(300);
    expect(exact.length / found.length).toBeGreaterThan(0.98);
  });
});

describe("a lookup", () => {
  test("finds the prices of another minute anew", () => {
    const lookup = createTableLookup();
    const asked = { providerId: "deepseek", model: "deepseek-chat" };
    const prices = Array.from({ length: 24 * 60 }, (_, minute) => {
      const atMs = Date.UTC(2025, 6, 1) + minute * 60_000;
      return lookup({ ...asked, atMs })?.steps?.[0]?.input;
    });
    expect(new Set(prices).size).toBe(2);
  });

  test("keeps no more than it may, whatever is asked", () => {
    const lookup = createTableLookup();
    const ask = (index: number) => lookup({ providerId: "openai", model: "gpt-4o", atMs: index * 60_000 });
    const first = ask(0);
    expect(ask(0)).toBe(first);
    for (let index = 1; index <= 4_096; index += 1) ask(index);
    expect(ask(0)).not.toBe(first);
    expect(ask(0)).toEqual(first);
  });
});
