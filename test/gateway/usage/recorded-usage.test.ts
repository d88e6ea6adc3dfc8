import { describe, expect, test } from "vitest";
import { readProviderUsage } from "../../../gateway/provider-usage.ts";
import { converseUsage } from "../../../gateway/wires/converse/converse-usage.ts";
import { geminiUsage } from "../../../gateway/wires/gemini/gemini-usage.ts";
import { messagesUsage } from "../../../gateway/wires/messages/messages-usage.ts";
import { responsesUsage } from "../../../gateway/wires/responses/responses-usage.ts";
import { recordedUsage, usageOf } from "./recorded-usage.ts";
import { workedCost } from "./worked-cost.ts";

const readers = {
  chat: readProviderUsage,
  embeddings: readProviderUsage,
  responses: responsesUsage,
  messages: messagesUsage,
  gemini: geminiUsage,
  converse: converseUsage,
};

describe("a usage object", () => {
  test.each(recordedUsage.map((row, index) => ({ row, index })))(
    "$index of $row.provider by $row.wire is read as what it means: $row.name",
    ({ row }) => {
      expect(readers[row.wire](row.usage, row.serviceTier)).toEqual(usageOf(row));
    },
  );

  test("is known of 200 different calls of 8 providers at least, and each has a cost worked out or none", () => {
    const distinct = new Set(
      recordedUsage.map(({ provider, model, usage, serviceTier }) =>
        JSON.stringify([provider, model, usage, serviceTier]),
      ),
    );
    expect(distinct.size).toBe(recordedUsage.length);
    expect(distinct.size).toBeGreaterThanOrEqual(200);
    expect(new Set(recordedUsage.map(({ provider }) => provider)).size).toBeGreaterThanOrEqual(8);
    for (const { cost, nanos } of recordedUsage) {
      expect(cost === null ? null : Number(workedCost(cost))).toBe(nanos);
    }
  });

  test.each(Object.entries(readers))("without a count is none: %s", (_wire, read) => {
    for (const value of [undefined, null, 7, [], {}, { prompt_tokens: -1, input_tokens: "3", inputTokens: 1.5 }]) {
      expect(read(value)).toBeNull();
    }
  });
});
