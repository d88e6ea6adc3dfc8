import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RetrySituation } from "../../../gateway/attempts/decide-retry.ts";
import { decideRetry } from "../../../gateway/attempts/decide-retry.ts";
import { failureClass } from "../../../gateway/attempts/failure-class.ts";
import { retryAfterMs } from "../../../gateway/attempts/retry-after.ts";
import { retryConfig } from "../../../gateway/attempts/retry-config.ts";

const first: RetrySituation = {
  failure: "provider",
  attempts: 1,
  attemptsAtTarget: 1,
  elapsedMs: 0,
  retryAfterMs: null,
  wastedTokens: 0,
  hasNext: true,
  hasOtherKey: false,
  u: 0.5,
};
const next = { kind: "retry", place: "next", delayMs: 0 } as const;
const same = (delayMs: number) => ({ kind: "retry", place: "same", delayMs }) as const;
const giveUp = (reason: string) => ({ kind: "give_up", reason }) as const;

const rows: readonly [string, Partial<RetrySituation>, object, object][] = [
  ["goes to the next target at once", {}, {}, next],
  ["is over when it was the caller's fault", { failure: "request" }, { perTarget: 5 }, giveUp("request")],
  ["is over when there is nobody else", { hasNext: false }, {}, giveUp("no_target")],
  ["is over after the last attempt", { attempts: 3 }, {}, giveUp("attempts")],
  ["is over when too much was wasted", { wastedTokens: 11 }, { maxWasteTokens: 10 }, giveUp("waste")],
  ["is over when the time is", { elapsedMs: 30_001 }, {}, giveUp("time")],
  [
    "is over when the wait would outlast the time",
    { elapsedMs: 29_950, hasNext: false },
    { perTarget: 2 },
    giveUp("time"),
  ],
  ["stays with its target as long as that has attempts", {}, { perTarget: 2 }, same(100)],
  ["waits longer each time", { attempts: 2, attemptsAtTarget: 2 }, { perTarget: 3 }, same(200)],
  ["goes on rather than wait for a rate limit", { failure: "rate_limit" }, { perTarget: 2 }, next],
  ["waits as long as it is asked to", { hasNext: false, retryAfterMs: 2_000 }, { perTarget: 2 }, same(2_100)],
  [
    "waits for nobody who asks for too long",
    { hasNext: false, retryAfterMs: 60_000 },
    { perTarget: 2 },
    giveUp("no_target"),
  ],
  ["takes another key of the same target first", { failure: "key", hasOtherKey: true }, {}, same(0)],
  ["asks no target again whose key was refused", { failure: "key" }, { perTarget: 5 }, next],
  ["asks no target again whose model is gone", { failure: "model", hasOtherKey: true }, { perTarget: 5 }, next],
];

describe("a call whose attempt failed", () => {
  const named = rows.map(([name, situation, config, expected]) => ({ name, situation, config, expected }));
  test.each(named)("$name", ({ situation, config, expected }) => {
    expect(decideRetry({ ...first, ...situation }, retryConfig.parse(config))).toEqual(expected);
  });

  test("never waits longer than it may, whatever it is asked for, and never goes beyond its attempts", () => {
    const situation = fc.record({
      failure: fc.constantFrom("key", "account", "model", "rate_limit", "provider", "request" as const),
      attempts: fc.integer({ min: 1, max: 6 }),
      attemptsAtTarget: fc.integer({ min: 1, max: 6 }),
      elapsedMs: fc.nat({ max: 60_000 }),
      retryAfterMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
      wastedTokens: fc.nat({ max: 100 }),
      hasNext: fc.boolean(),
      hasOtherKey: fc.boolean(),
      u: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    const config = retryConfig.parse({ attempts: 5, perTarget: 5, maxWasteTokens: 50 });
    fc.assert(
      fc.property(situation, (at) => {
        const decision = decideRetry(at, config);
        if (decision.kind === "give_up") return;
        expect(at.attempts).toBeLessThan(config.attempts);
        expect(at.elapsedMs + decision.delayMs).toBeLessThanOrEqual(config.totalMs);
        expect(decision.delayMs).toBeLessThanOrEqual(config.maxRetryAfterMs + config.maxDelayMs);
        expect(decision.place === "next" && !at.hasNext).toBe(false);
        expect(at.failure).not.toBe("request");
      }),
    );
  });
});

test.each([
  [401, "invalid_api_key", "key"],
  [403, "_OTHER", "key"],
  [400, "API_KEY_INVALID", "key"],
  [402, "_OTHER", "account"],
  [429, "insufficient_quota", "account"],
  [429, "rate_limit_exceeded", "rate_limit"],
  [404, "model_not_found", "model"],
  [400, "content_filter", "request"],
  [413, "_OTHER", "request"],
  [422, "_OTHER", "request"],
  [408, "_OTHER", "provider"],
  [500, "server_error", "provider"],
  [529, "overloaded_error", "provider"],
  [null, "ECONNREFUSED", "provider"],
  [200, "overloaded_error", "provider"],
  [200, "rate_limit_error", "rate_limit"],
  [200, "invalid_request_error", "request"],
])("a failure with status %s and type %s is of class %s", (httpStatus, errorType, expected) => {
  expect(failureClass({ outcome: "provider_error", httpStatus, errorType })).toBe(expected);
});

test.each([
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }, 5_000],
  [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
  [{ "retry-after": "-1e999x" }, null],
  [{ "retry-after": "9".repeat(400) }, null],
  [{}, null],
])("%j asks to wait %s ms", (headers, expected) => {
  expect(retryAfterMs(headers, Date.UTC(2026, 0, 1))).toBe(expected);
});
