import { genAi, partAttributes, plumbline } from "../core/attributes.ts";
import { isUsageSource } from "../core/outcomes.ts";
import { maxRawUsage } from "../core/raw-usage.ts";
import type { ServiceTier } from "../core/service-tier.ts";
import { serviceTierOf } from "../core/service-tier.ts";
import type { Usage, UsagePart } from "../core/usage.ts";
import { knownParts, usageParts } from "../core/usage.ts";
import type { Attributes } from "./otlp-span.ts";
import { countOf, textOf } from "./read-attribute.ts";

/** The token counts of a span; those that are missing or out of range are null. */
export const normaliseUsage = (attributes: Attributes): Usage => {
  const cacheReadTokens = countOf(attributes, genAi.cacheReadTokens);
  const cacheWriteTokens = countOf(attributes, genAi.cacheWriteTokens);
  const inputTokens = countOf(attributes, genAi.inputTokens);
  const outputTokens = countOf(attributes, genAi.outputTokens);
  const source = textOf(attributes, plumbline.usageSource);
  const isKnown = inputTokens !== null || outputTokens !== null;
  return {
    inputTokens: attributes.has(plumbline.span)
      ? inputTokens
      : inputWithCache(inputTokens, cacheReadTokens, cacheWriteTokens),
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: countOf(attributes, genAi.reasoningTokens),
    parts: knownParts(partsOf(attributes)),
    tier: tierOf(attributes),
    source: isUsageSource(source) ? source : isKnown ? "provider" : "none",
  };
};

const partsOf = (attributes: Attributes): Readonly<Partial<Record<UsagePart, number | null>>> => {
  const parts: Partial<Record<UsagePart, number | null>> = {};
  for (const part of usageParts) {
    parts[part] = countOf(attributes, partAttributes[part]);
  }
  return parts;
};

/** Our own attribute first, then those of OpenTelemetry's for OpenAI, new and old. */
const tierOf = (attributes: Attributes): ServiceTier | null => {
  const names = [plumbline.serviceTier, "openai.response.service_tier", "gen_ai.openai.response.service_tier"];
  return serviceTierOf(names.map((name) => textOf(attributes, name)).find((word) => word !== null));
};

/** What the provider sent as counts, as JSON; empty when the span does not say, or says more than a gateway writes. */
export const readRawUsage = (attributes: Attributes): string => {
  const text = textOf(attributes, plumbline.rawUsage) ?? "";
  return text.length <= maxRawUsage ? text : "";
};

/**
 * OpenTelemetry's input count includes cached tokens. Where the parts exceed the whole, the source left them out: add. Not of
 * our gateway's, which has added what its provider leaves out.
 */
const inputWithCache = (input: number | null, read: number | null, write: number | null): number | null => {
  const cached = (read ?? 0) + (write ?? 0);
  return input !== null && cached > input ? input + cached : input;
};
