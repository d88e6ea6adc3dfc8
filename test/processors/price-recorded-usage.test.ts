import { describe, expect, test } from "vitest";
import { noUsage } from "../../core/usage.ts";
import { usageNanos } from "../../gateway/budgets/token-prices.ts";
import { createPriceCall } from "../../processors/price-call.ts";
import { resolvePrices } from "../../processors/resolve-prices.ts";
import type { RecordedUsage } from "../gateway/usage/recorded-usage.ts";
import { recordedUsage, usageOf } from "../gateway/usage/recorded-usage.ts";
import { callWith } from "./calls.ts";

const priceCall = createPriceCall([]);
const calledAtMs = Date.UTC(2026, 9, 15, 12);
const rows = recordedUsage.map((row, index) => ({ row, index }));

const costOf = (row: RecordedUsage): bigint | null => {
  const { provider, model } = row;
  const startedAtNs = BigInt(calledAtMs) * 1_000_000n;
  const usage = usageOf(row) ?? noUsage;
  return priceCall(callWith({ provider, modelRequested: model, modelServed: model, startedAtNs, usage })).costNanos;
};

describe("to the nano-dollar", () => {
  test.each(rows)("$index: $row.provider $row.model costs $row.cost: $row.name", ({ row }) => {
    expect(costOf(row)).toBe(row.nanos === null ? null : BigInt(row.nanos));
  });
});

/** Fees for a request, and reasoning at a price of its own, are not in the prices of budgets. */
const onlyPriced = rows.filter(({ row }) => row.cost !== null && row.provider !== "perplexity");

describe("a budget is charged the same, and never less", () => {
  test.each(onlyPriced)("$index: $row.provider $row.model: $row.name", ({ row }) => {
    const prices = resolvePrices(row, [], calledAtMs);
    const charged = prices === null ? -1 : usageNanos(prices, usageOf(row) ?? noUsage);
    // Budgets round up, the pipeline to the nearest; where prices change with the hour budgets take the day's highest.
    const isByHour = row.provider === "deepseek";
    expect(charged).toBeGreaterThanOrEqual(row.nanos ?? 0);
    expect(isByHour || charged - (row.nanos ?? 0) <= 1).toBe(true);
  });
});
