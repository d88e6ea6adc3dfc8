import { readFileSync } from "node:fs";
import { calcPrice } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../core/call.ts";
import type { Usage } from "../../core/usage.ts";
import { noUsage } from "../../core/usage.ts";
import { createPriceCall, priceTableVersion } from "../../processors/price-call.ts";
import { callWith } from "./calls.ts";

const usage = (members: Partial<Usage>): Usage => ({ ...noUsage, source: "provider", ...members });
const priceCall = createPriceCall([]);
const calledAt = new Date(Number(callWith({}).startedAtNs / 1_000_000n));
const costOf = (members: Partial<Call>): bigint | null => priceCall(callWith(members)).costNanos;

describe("createPriceCall", () => {
  const handWorked: readonly { name: string; call: Partial<Call>; nanos: bigint | null }[] = [
    {
      name: "gpt-4 at $30 and $60 a million: 31 x 30,000 + 156 x 60,000",
      call: { usage: usage({ inputTokens: 31, outputTokens: 156 }) },
      nanos: 10_290_000n,
    },
    {
      name: "gpt-3.5-turbo-0301 at $1.50 and $2: 31 x 1,500 + 156 x 2,000",
      call: { modelServed: "gpt-3.5-turbo-0301", usage: usage({ inputTokens: 31, outputTokens: 156 }) },
      nanos: 358_500n,
    },
    {
      name: "cached input has its own price and is not charged twice: gpt-4o, 600 x 2,500 + 400 x 1,250 + 10 x 10,000",
      call: { modelServed: "gpt-4o", usage: usage({ inputTokens: 1_000, cacheReadTokens: 400, outputTokens: 10 }) },
      nanos: 2_100_000n,
    },
    {
      name: "a cached part larger than its whole is capped",
      call: { modelServed: "gpt-4o", usage: usage({ inputTokens: 10, cacheReadTokens: 400, outputTokens: 0 }) },
      nanos: 12_500n,
    },
    {
      name: "a call of no tokens costs nothing",
      call: { usage: usage({ inputTokens: 0, outputTokens: 0 }) },
      nanos: 0n,
    },
    { name: "unknown usage has no cost", call: { usage: noUsage }, nanos: null },
    {
      name: "an unknown model has no cost",
      call: { modelServed: "no-such-model", usage: usage({ inputTokens: 1, outputTokens: 1 }) },
      nanos: null,
    },
    {
      name: "a known model of an unknown provider has no cost",
      call: { provider: "my-own-server", usage: usage({ inputTokens: 1, outputTokens: 1 }) },
      nanos: null,
    },
    { name: "a cache hit costs nothing", call: { outcome: "cache_hit", usage: noUsage }, nanos: 0n },
    {
      name: "Azure's name of the provider is known to the table by another",
      call: {
        provider: "azure.ai.openai",
        modelServed: "gpt-4o",
        usage: usage({ inputTokens: 1_000, outputTokens: 0 }),
      },
      nanos: 2_500_000n,
    },
  ];
  test.each(handWorked)("$name", ({ call, nanos }) => {
    expect(costOf(call)).toBe(nanos);
  });

  test("a priced call says which price of which table it was; an unpriced one says nothing", () => {
    const priced = priceCall(callWith({ usage: usage({ inputTokens: 1, outputTokens: 1 }) }));
    expect([priced.priceId, priced.priceVersion]).toEqual(["openai/gpt-4", priceTableVersion]);
    const unpriced = priceCall(callWith({ modelServed: "no-such-model", usage: usage({ inputTokens: 1 }) }));
    expect([unpriced.priceId, unpriced.priceVersion]).toEqual([null, null]);
  });

  test("the version it names is the version installed", () => {
    const manifest: unknown = JSON.parse(
      readFileSync(new URL("../../node_modules/@pydantic/genai-prices/package.json", import.meta.url), "utf8"),
    );
    expect(manifest).toMatchObject({ version: priceTableVersion.replace("genai-prices ", "") });
  });

  test("the operator's own price wins, cached input falls back to the input price, half a nano-dollar rounds up", () => {
    const own = createPriceCall([
      { provider: "openai", model: "gpt-4-0613", inputPerMillion: 0.0005, outputPerMillion: 0 },
    ]);
    const priced = own(callWith({ usage: usage({ inputTokens: 3, cacheReadTokens: 2, outputTokens: 9 }) }));
    expect([priced.costNanos, priced.priceId, priced.priceVersion]).toEqual([2n, "openai/gpt-4-0613", "config"]);
  });

  test("a call costs what its model cost on its day", () => {
    const o3 = { modelServed: "o3", usage: usage({ inputTokens: 0, outputTokens: 1 }) };
    expect(costOf({ ...o3, startedAtNs: BigInt(Date.UTC(2025, 4, 1)) * 1_000_000n })).toBe(40_000n);
    expect(costOf({ ...o3, startedAtNs: BigInt(Date.UTC(2025, 8, 1)) * 1_000_000n })).toBe(8_000n);
  });

  test("one attempt wastes nothing; of several the waste is not known here", () => {
    expect(priceCall(callWith({ attempts: 1 })).wasteNanos).toBe(0n);
    expect(priceCall(callWith({ attempts: 2 })).wasteNanos).toBeNull();
  });

  test("what lost attempts used is priced apart, each by who was asked; one without a price leaves the sum unknown", () => {
    const own = createPriceCall([
      { provider: "a", model: "big", inputPerMillion: 2, outputPerMillion: 10 },
      { provider: "b", model: "big", inputPerMillion: 1, outputPerMillion: 4 },
    ]);
    const lost = { model: "big", inputTokens: 100, outputTokens: 10 };
    const call = callWith({ provider: "b", modelServed: "big", attempts: 3, usage: usage({ inputTokens: 1 }) });
    const priced = own(call, [
      { provider: "a", ...lost },
      { provider: "b", ...lost },
    ]);
    expect([priced.costNanos, priced.wasteNanos]).toEqual([1_000n, 300_000n + 140_000n]);
    expect(own(call, []).wasteNanos).toBe(0n);
    expect(own(call, [{ provider: "c", ...lost }]).wasteNanos).toBeNull();
  });

  test("equals exact decimal arithmetic on the table's own prices, for every count of tokens", () => {
    const models = ["gpt-4", "gpt-4o", "gpt-4o-mini", "gpt-3.5-turbo-0613", "gpt-5-nano", "o3"];
    fc.assert(
      fc.property(
        fc.record({
          model: fc.constantFrom(...models),
          inputTokens: fc.nat({ max: 2_000_000 }),
          outputTokens: fc.nat({ max: 200_000 }),
          cachedShare: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        ({ model, inputTokens, outputTokens, cachedShare }) => {
          const cacheReadTokens = Math.floor(inputTokens * cachedShare);
          const cost = costOf({ modelServed: model, usage: usage({ inputTokens, outputTokens, cacheReadTokens }) });
          expect(cost).toBe(exactNanos(model, { inputTokens, outputTokens, cacheReadTokens }));
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The same cost by integers only: prices as decimal text, pico-dollars per token, rounded once, half up. */
const exactNanos = (
  model: string,
  counts: { readonly inputTokens: number; readonly outputTokens: number; readonly cacheReadTokens: number },
): bigint => {
  const price = calcPrice({ input_tokens: 1 }, model, { providerId: "openai", timestamp: calledAt })?.model_price ?? {};
  const picos = (name: string): bigint => {
    const [whole = "0", fraction = ""] = String(price[name] ?? price["input_mtok"]).split(".");
    return BigInt(whole + fraction.padEnd(6, "0"));
  };
  const sum =
    BigInt(counts.inputTokens - counts.cacheReadTokens) * picos("input_mtok") +
    BigInt(counts.cacheReadTokens) * picos("cache_read_mtok") +
    BigInt(counts.outputTokens) * picos("output_mtok");
  return (sum + 500n) / 1_000n;
};
