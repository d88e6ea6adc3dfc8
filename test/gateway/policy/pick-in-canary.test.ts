import { describe, expect, test } from "vitest";
import type { CanaryPickArgs } from "../../../gateway/pick-in-canary.ts";
import { pickInCanary } from "../../../gateway/pick-in-canary.ts";
import { effectiveRoutes } from "../../../gateway/policy/effective-routes.ts";
import { routeConfig } from "../../../gateway/route-config.ts";
import type { RouteCanary } from "../../../gateway/route-table.ts";
import { compileRoutes } from "../../../gateway/route-table.ts";
import { canaryOf, nowMs, verdictOf } from "./verdicts.ts";

const calls = 20_000;
/** Standard deviations that a count may be off: by chance once in 500 million. */
const sigmas = 6;

const targets = [
  { provider: "p", variant: "a", weight: 60 },
  { provider: "p", variant: "b", weight: 40 },
  { provider: "p", variant: "c", weight: 0 },
];
const configured = compileRoutes({ r: routeConfig.parse({ models: ["m"], targets }) }, "none");

const canaryAt = (share: number, more: object = {}): RouteCanary => {
  const verdict = verdictOf(canaryOf("c", share, more));
  const { canary } = effectiveRoutes(configured, { latest: new Map([["x", verdict]]) }, nowMs).byName.get("r") ?? {};
  if (canary === undefined || canary === null) throw new Error("there is no canary");
  return canary;
};

/** The same numbers in every run, spread evenly: a linear congruential generator of 32 bits. */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const pick = (canary: RouteCanary, args: Partial<CanaryPickArgs>) =>
  pickInCanary({ canary, random: seeded(1), user: null, session: null, traceparent: null, ...args });

const expectShare = (count: number, share: number): void => {
  const deviation = Math.sqrt(calls * share * (1 - share));
  expect(Math.abs(count - calls * share)).toBeLessThan(sigmas * deviation);
};

describe("the shares of a canary at 5%", () => {
  test.each([
    { unit: "user", callOf: (index: number) => ({ user: `user-${index}` }) },
    { unit: "session", callOf: (index: number) => ({ session: `session-${index}` }) },
    { unit: "request", callOf: () => ({}) },
  ])("by $unit are 5% for the candidate, and 57% and 38% for the others", ({ unit, callOf }) => {
    const canary = canaryAt(0.05, { unit });
    const random = seeded(7);
    const picked = Array.from(
      { length: calls },
      (_, index) => pick(canary, { random, ...callOf(index) })?.target.variant,
    );
    for (const [variant, share] of Object.entries({ c: 0.05, a: 0.57, b: 0.38 })) {
      expectShare(picked.filter((each) => each === variant).length, share);
    }
  });
});

describe("a user", () => {
  const users = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
  const inCanary = (share: number, more: object = {}): ReadonlySet<string> => {
    const canary = canaryAt(share, more);
    return new Set(users.filter((user) => pick(canary, { user })?.target.variant === "c"));
  };

  test("who is with the candidate at 5% stays with it at 20%", () => {
    const few = inCanary(0.05);
    expect(few.size).toBeGreaterThan(0);
    const more = inCanary(0.2);
    expect([...few].filter((user) => !more.has(user))).toEqual([]);
  });

  test("is assigned alike at every call, whatever else the call says", () => {
    const canary = canaryAt(0.5);
    for (const user of users.slice(0, 50)) {
      const found = [1, 2, 3].map(
        (seed) => pick(canary, { user, random: seeded(seed), session: `${seed}` })?.target === canary.candidate,
      );
      expect(new Set(found).size).toBe(1);
    }
  });

  test("of one canary is not the guinea pig of every other", () => {
    const others = inCanary(0.1, { salt: "other" });
    const both = [...inCanary(0.1)].filter((user) => others.has(user));
    // A hundredth of 2,000 are expected in both; a tenth would be if the salt did not matter.
    expect(both.length).toBeLessThan(60);
  });

  test("has the place that anybody can compute", () => {
    // First 13 hex digits of `printf 's\0ada' | sha256sum`, over 16^13.
    const place = 0x41c48788f73e8 / 2 ** 52;
    const at = (share: number) => pick(canaryAt(share), { user: "ada" })?.target.variant === "c";
    expect([at(place), at(place + 1e-9)]).toEqual([false, true]);
  });
});

describe("the reason says what the assignment was taken from", () => {
  const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  test.each([
    { call: { user: "ada" }, unit: "user", basis: "user" },
    { call: { user: "", traceparent: trace }, unit: "user", basis: "trace" },
    { call: { session: "s" }, unit: "user", basis: "request" },
    { call: { traceparent: "00-nonsense" }, unit: "session", basis: "request" },
    { call: { session: "s", user: "ada" }, unit: "session", basis: "session" },
    { call: { user: "ada", traceparent: trace }, unit: "request", basis: "request" },
  ])("$unit with $call: by $basis", ({ call, unit, basis }) => {
    expect(pick(canaryAt(1, { unit }), call)?.reason).toBe(`canary 1 by ${basis}`);
    expect(pick(canaryAt(0, { unit }), call)?.reason).toBe(`control 0 by ${basis}`);
  });
});
