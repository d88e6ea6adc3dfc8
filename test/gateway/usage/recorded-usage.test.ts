import { describe, expect, test } from "vitest";
import { readProviderUsage } from "../../../gateway/provider-usage.ts";
import { converseUsage } from "../../../gateway/wires/converse/converse-usage.ts";
import { geminiUsage } from "../../../gateway/wires/gemini/gemini-usage.ts";
import { messagesUsage } from "../../../gateway/wires/messages/messages-usage.ts";
import { responsesUsage } from "../../../gateway/wires/responses/responses-usage.ts";
import { recordedUsage, usageOf } from "./recorded-usage.ts";

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
    "$index of $row.provider by $row.wire is read as what it means",
    ({ row }) => {
      expect(readers[row.wire](row.usage)).toEqual(usageOf(row));
    },
  );

  test("is known of 60 calls of 8 providers at least", () => {
    expect(recordedUsage.length).toBeGreaterThanOrEqual(60);
    expect(new Set(recordedUsage.map(({ provider }) => provider)).size).toBeGreaterThanOrEqual(8);
  });

  test.each(Object.entries(readers))("without a count is none: %s", (_wire, read) => {
    for (const value of [undefined, null, 7, [], {}, { prompt_tokens: -1, input_tokens: "3", inputTokens: 1.5 }]) {
      expect(read(value)).toBeNull();
    }
  });
});
