import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecentTimes } from "../../../gateway/health/recent-times.ts";
import type { HedgeSituation } from "../../../gateway/hedge/decide-hedge.ts";
import { decideHedge } from "../../../gateway/hedge/decide-hedge.ts";
import { hedgeAfterMs } from "../../../gateway/hedge/hedge-after.ts";
import { HedgeShares } from "../../../gateway/hedge/hedge-shares.ts";
import { isRepeatable } from "../../../gateway/hedge/is-repeatable.ts";
import { createProviders } from "../../../gateway/providers/create-providers.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const provider = createProviders({}, { clock: virtualClock(), connectMs: 1 }).get("simulated");
if (provider === undefined) throw new Error("there is no simulated provider");
const planFor = (variant: string) => ({
  target: {
    provider: "simulated",
    model: variant,
    variant,
    weight: 0,
    pin: null,
    cost: null,
    place: { region: null, compliance: [] },
  },
  provider,
  wire: "chat" as const,
});
const option = (variant: string, more: object = {}) => ({
  plan: planFor(variant),
  isAwake: true,
  worstNanos: 1_000_000,
  ...more,
});
const open: HedgeSituation = {
  isDraining: false,
  hasCanary: false,
  isRepeatable: true,
  hasAttempt: true,
  options: [option("a"), option("b")],
  hasShare: true,
};

describe("decideHedge", () => {
  test.each([
    { name: "the gateway stops", at: { isDraining: true }, reason: "draining" },
    { name: "a canary is on", at: { hasCanary: true }, reason: "canary" },
    { name: "the call must not be made twice", at: { isRepeatable: false }, reason: "unsafe" },
    { name: "the attempts are used up", at: { hasAttempt: false }, reason: "attempts" },
    { name: "nobody else can serve it", at: { options: [] }, reason: "no_target" },
    { name: "every breaker is open", at: { options: [option("a", { isAwake: false })] }, reason: "breaker_open" },
    { name: "no price is known", at: { options: [option("a", { worstNanos: null })] }, reason: "unpriced" },
    { name: "it could cost too much", at: { options: [option("a", { worstNanos: 2_000_001 })] }, reason: "cost" },
    { name: "the share is used up", at: { hasShare: false }, reason: "share" },
  ])("asks nobody where $name", ({ at, reason }) => {
    expect(decideHedge({ ...open, ...at }, { maxCostUsd: 0.002 })).toEqual({ ok: false, reason });
  });

  test("asks the first target that is awake and within the cost", () => {
    const options = [option("asleep", { isAwake: false }), option("dear", { worstNanos: 2_000_001 }), option("right")];
    const decision = decideHedge({ ...open, options }, { maxCostUsd: 0.002 });
    expect(decision.ok && decision.plan.target.variant).toBe("right");
  });

  test("needs no price where no cost is set", () => {
    expect(decideHedge({ ...open, options: [option("a", { worstNanos: null })] }, {}).ok).toBe(true);
  });
});

describe("HedgeShares", () => {
  test("never lets more than the share of all calls so far be hedged, nor more than ten at once", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.array(fc.boolean()), (share, slow) => {
        const shares = new HedgeShares();
        let hedges = 0;
        for (const [index, isSlow] of slow.entries()) {
          shares.sawCall("r", share);
          if (isSlow && shares.has("r")) {
            shares.take("r");
            hedges += 1;
          }
          expect(hedges).toBeLessThanOrEqual((index + 1) * share + 1e-9);
        }
      }),
    );
    const shares = new HedgeShares();
    for (let call = 0; call < 1_000; call += 1) shares.sawCall("r", 0.5);
    let atOnce = 0;
    for (; shares.has("r"); atOnce += 1) shares.take("r");
    expect(atOnce).toBe(10);
  });
});

describe("hedgeAfterMs", () => {
  test.each([
    { config: { afterMs: 300 }, measured: 900, expected: 300 },
    { config: { afterQuantile: 0.9 }, measured: 900, expected: 900 },
    { config: { afterQuantile: 0.9 }, measured: null, expected: null },
    { config: { afterMs: 300, afterQuantile: 0.9 }, measured: null, expected: 300 },
    { config: { afterMs: 300, afterQuantile: 0.9 }, measured: 900, expected: 900 },
    { config: { afterMs: 300, afterQuantile: 0.9 }, measured: 20, expected: 300 },
  ])("of $config with $measured measured is $expected", ({ config, measured, expected }) => {
    expect(hedgeAfterMs(config, () => measured)).toBe(expected);
  });
});

test("a quantile is that of the last 128 times, and unknown below 20", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 300 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (times, quantile) => {
        const recent = new RecentTimes();
        for (const ms of times) recent.add(ms);
        const last = times.slice(-128).toSorted((a, b) => a - b);
        const expected = last.length < 20 ? null : last.findLast((ms) => shareBelow(last, ms) < quantile);
        expect(recent.quantile(quantile)).toBe(expected);
      },
    ),
  );
});

/** The share of the times that are shorter. */
const shareBelow = (times: readonly number[], ms: number): number =>
  times.filter((other) => other < ms).length / times.length;

describe("isRepeatable", () => {
  const own = { type: "function", function: { name: "f" } };
  test.each([
    { name: "a plain question", members: {}, is: true },
    { name: "with tools of the caller's own", members: { tools: [own, { name: "g", input_schema: {} }] }, is: true },
    { name: "with a tool that the provider runs", members: { tools: [own, { type: "web_search" }] }, is: false },
    { name: "that is kept", members: { store: true }, is: false },
    { name: "that is not to be kept", members: { store: false }, is: true },
    { name: "in a conversation", members: { conversation: "conv_1" }, is: false },
    { name: "in the background", members: { background: true }, is: false },
    { name: "with servers of tools", members: { mcp_servers: [{ url: "https://x.test" }] }, is: false },
    { name: "with an idempotency key", members: {}, headers: { "idempotency-key": "k" }, is: false },
    { name: "a response", members: {}, wire: "responses" as const, is: false },
    { name: "a response that is not kept", members: { store: false }, wire: "responses" as const, is: true },
  ])("$name: $is", ({ members, headers = {}, wire = "chat" as const, is }) => {
    expect(isRepeatable({ chat: { members }, wire, headers })).toBe(is);
  });
});
