import { expect, test } from "vitest";
import { genAi, plumbline } from "../../core/attributes.ts";
import type { Usage } from "../../core/usage.ts";
import { normaliseUsage, readRawUsage } from "../../processors/normalise-usage.ts";

const usageOf = (attributes: Readonly<Record<string, string | number>>): Usage =>
  normaliseUsage(new Map(Object.entries(attributes)));

test("an input count that leaves out its cached parts gets them added", () => {
  const attributes = {
    [genAi.operationName]: "chat",
    [genAi.inputTokens]: 10,
    [genAi.cacheReadTokens]: 90,
    [genAi.cacheWriteTokens]: 5,
  };
  expect(usageOf(attributes).inputTokens).toBe(105);
  // The gateway has added them where its provider leaves them out: what is too much then is the provider's mistake.
  const ours = { ...attributes, [plumbline.span]: "call" };
  expect(usageOf(ours).inputTokens).toBe(10);
});

test.each([
  { name: "plumbline.usage.tier", word: "batch", tier: "batch" },
  { name: "openai.response.service_tier", word: "default", tier: "standard" },
  { name: "gen_ai.openai.response.service_tier", word: "turbo", tier: "other" },
  { name: "some.other.tier", word: "flex", tier: null },
])("the tier is read from $name", ({ name, word, tier }) => {
  const attributes = { [genAi.operationName]: "chat", [name]: word };
  expect(usageOf(attributes).tier).toBe(tier);
});

test("a raw usage that is longer than a gateway writes is not kept", () => {
  const attributes = { [genAi.operationName]: "chat", [plumbline.rawUsage]: "1".repeat(2_049) };
  expect(readRawUsage(new Map(Object.entries(attributes)))).toBe("");
});
