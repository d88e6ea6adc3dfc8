import fc from "fast-check";
import type { Verdict, VerdictEffect } from "../../../core/verdict.ts";
import type { PolicyRoute, PolicyTable } from "../../../gateway/policy/policy-table.ts";

/** The time at which the tests of verdicts play, in milliseconds since the Unix epoch. */
export const nowMs = Date.UTC(2026, 10, 21);
const minuteMs = 60_000;

/** A verdict that is in force for a minute; `id` is a number that becomes 32 hex digits. */
export const verdictOf = (
  effect: VerdictEffect,
  more: Partial<Omit<Verdict, "id" | "effect">> & { readonly id?: number } = {},
): Verdict => {
  const { id = 1, ...rest } = more;
  return {
    version: 1,
    sequence: 1,
    action: "reroute",
    effect,
    reason: "a test",
    evidenceId: null,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + minuteMs,
    isDryRun: false,
    ...rest,
    id: id.toString(16).padStart(32, "0"),
  };
};

/** The effect of a factor on a target of the route `r`. */
export const factorOn = (variant: string, factor: number): VerdictEffect => ({
  kind: "target",
  route: "r",
  variant,
  factor,
});

/** The effect of a canary on the route `r`. */
export const canaryOf = (
  candidate: string,
  share: number,
  more: Partial<Extract<VerdictEffect, { kind: "canary" }>> = {},
): VerdictEffect => ({ kind: "canary", route: "r", candidate, share, unit: "user", salt: "s", ...more });

/** The effect of a tier on the route `r`. */
export const tierOf = (variant: string | null): VerdictEffect => ({ kind: "tier", route: "r", variant });

/** The route `r` with these weights by variant. */
export const routeOf = (weights: Readonly<Record<string, number>>, floor = 1): PolicyRoute => ({
  name: "r",
  floor,
  targets: Object.entries(weights).map(([variant, weight]) => ({ variant, weight })),
});

/** A table of one route without verdicts. */
export const tableOf = (route: PolicyRoute): PolicyTable => ({
  routes: new Map([[route.name, route]]),
  latest: new Map(),
});

const variants = ["a", "b", "c", "d"] as const;
const share = fc.oneof(fc.constantFrom(0, 1, 0.05), fc.double({ min: 0, max: 1, noNaN: true }));

const effects: fc.Arbitrary<VerdictEffect> = fc.oneof(
  fc.tuple(fc.constantFrom(...variants), share).map(([variant, factor]) => factorOn(variant, factor)),
  fc.tuple(fc.constantFrom(...variants), share).map(([variant, part]) => canaryOf(variant, part)),
  fc.constantFrom(...variants, null).map(tierOf),
);

/** Verdicts on a route of up to four targets: some out of order, some expired, some of one sequence, some dry runs. */
export const anyVerdicts: fc.Arbitrary<readonly Verdict[]> = fc
  .array(
    fc.record({
      effect: effects,
      sequence: fc.integer({ min: 1, max: 4 }),
      issuedAtMs: fc.integer({ min: nowMs - 5, max: nowMs }),
      expiresAtMs: fc.integer({ min: nowMs - 2, max: nowMs + minuteMs }),
      isDryRun: fc.integer({ min: 0, max: 5 }).map((die) => die === 0),
    }),
    { maxLength: 12 },
  )
  .map((drafts) => drafts.map(({ effect, ...more }, index) => verdictOf(effect, { ...more, id: index + 1 })));

/** Routes with a floor that their configured weights keep. */
export const anyRoute: fc.Arbitrary<PolicyRoute> = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })), { minLength: 1, maxLength: 4 })
  .filter((weights) => weights.some((weight) => weight > 0))
  .chain((weights) =>
    fc
      .integer({ min: 1, max: weights.filter((weight) => weight > 0).length })
      .map((floor) =>
        routeOf(Object.fromEntries(weights.map((weight, index) => [variants[index] ?? "a", weight])), floor),
      ),
  );
