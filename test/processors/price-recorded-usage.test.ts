import { expect, test } from "vitest";
import { createPriceCall } from "../../processors/price-call.ts";
import { recordedUsage, usageOf } from "../gateway/usage/recorded-usage.ts";
import { callWith } from "./calls.ts";

const priceCall = createPriceCall([]);
const startedAtNs = BigInt(Date.UTC(2026, 9, 15, 12)) * 1_000_000n;

test.each(recordedUsage.map((row, index) => ({ row, index })))(
  "$index: $row.provider $row.model costs $row.nanos nano-dollars",
  ({ row }) => {
    const { provider, model } = row;
    const call = callWith({ provider, modelRequested: model, modelServed: model, startedAtNs, usage: usageOf(row) });
    expect(priceCall(call).costNanos).toBe(BigInt(row.nanos));
  },
);
