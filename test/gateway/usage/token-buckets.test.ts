import fc from "fast-check";
import { expect, test } from "vitest";
import { serviceTiers } from "../../../core/service-tier.ts";
import { bucketsOf, tokenBuckets } from "../../../core/token-buckets.ts";
import type { Usage } from "../../../core/usage.ts";
import { knownParts, usageParts } from "../../../core/usage.ts";

const count = fc.option(fc.nat({ max: 100 }), { nil: null });

/** Usage whose parts may be larger than their whole. */
const anyUsage: fc.Arbitrary<Usage> = fc
  .record({
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWriteTokens: count,
    reasoningTokens: count,
    parts: fc.tuple(...usageParts.map(() => fc.nat({ max: 100 }))),
    tier: fc.option(fc.constantFrom(...serviceTiers), { nil: null }),
  })
  .map(({ parts, ...usage }) => ({
    ...usage,
    parts: knownParts(Object.fromEntries(usageParts.map((name, at) => [name, parts[at] ?? 0]))),
    source: "provider",
  }));

test("every token is in exactly one bucket, whatever the parts say", () => {
  fc.assert(
    fc.property(anyUsage, (usage) => {
      const buckets = bucketsOf(usage);
      const sum = (isOutput: boolean): number =>
        tokenBuckets
          .filter((bucket) => bucket.startsWith("output") === isOutput)
          .reduce((total, bucket) => total + buckets[bucket], 0);
      expect(sum(false)).toBe(usage.inputTokens ?? 0);
      expect(sum(true)).toBe(usage.outputTokens ?? 0);
      expect(Math.min(...tokenBuckets.map((bucket) => buckets[bucket]))).toBeGreaterThanOrEqual(0);
    }),
  );
});
