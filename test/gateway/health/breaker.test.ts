import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Breaker } from "../../../gateway/health/breaker.ts";
import { breakerConfig } from "../../../gateway/health/breaker-config.ts";

const config = breakerConfig.parse({ minCalls: 4, openMs: 1_000, maxOpenMs: 3_000, windowMs: 10_000 });

const opened = (): Breaker => {
  const breaker = new Breaker(config);
  for (let call = 0; call < 4; call += 1) {
    breaker.begin(0);
    breaker.end("failing", 0, 0);
  }
  return breaker;
};

describe("a breaker", () => {
  test("opens when enough calls have failed, and not before", () => {
    const breaker = new Breaker(config);
    for (const sign of ["well", "well", "failing"] as const) breaker.end(sign, 0, 0);
    expect(breaker.stateAt(0)).toBe("closed");
    breaker.end("failing", 0, 0);
    expect([breaker.stateAt(0), breaker.mayTake(999)]).toEqual(["open", false]);
  });

  test("forgets failures of two windows ago", () => {
    const breaker = new Breaker(config);
    for (let call = 0; call < 3; call += 1) breaker.end("failing", 0, 0);
    breaker.end("failing", 25_000, 25_000);
    expect(breaker.stateAt(25_000)).toBe("closed");
  });

  test("lets one call at a time try the target, and closes when it goes well", () => {
    const breaker = opened();
    expect([breaker.stateAt(1_000), breaker.mayTake(1_000)]).toEqual(["half_open", true]);
    breaker.begin(1_000);
    expect(breaker.mayTake(1_001)).toBe(false);
    breaker.end("well", 1_200, 1_000);
    expect([breaker.stateAt(1_200), breaker.mayTake(1_200)]).toEqual(["closed", true]);
  });

  test("stays open for longer each time that the call fails, up to a limit", () => {
    const breaker = opened();
    let nowMs = 0;
    const waits = [1_000, 2_000, 3_000, 3_000];
    for (const waitMs of waits) {
      expect(breaker.mayTake(nowMs + waitMs - 1)).toBe(false);
      nowMs += waitMs;
      expect(breaker.mayTake(nowMs)).toBe(true);
      breaker.begin(nowMs);
      breaker.end("failing", nowMs, nowMs);
    }
  });

  test("gives the place of a call that somebody else ended to the next", () => {
    const breaker = opened();
    breaker.begin(1_000);
    breaker.end("unknown", 1_100, 1_000);
    expect([breaker.stateAt(1_100), breaker.mayTake(1_100)]).toEqual(["half_open", true]);
  });

  test.each(["well", "failing", "unknown"] as const)(
    "learns nothing from a call that began before it opened and ends %s while another tries the target",
    (sign) => {
      const breaker = opened();
      breaker.begin(1_000);
      breaker.end(sign, 1_100, 999);
      expect([breaker.stateAt(1_100), breaker.mayTake(1_100)]).toEqual(["half_open", false]);
      breaker.end("well", 1_200, 1_000);
      expect(breaker.stateAt(1_200)).toBe("closed");
    },
  );

  test("never leaves a target alone for ever, whatever happened", () => {
    const signs = fc.array(fc.constantFrom("well", "failing", "unknown" as const), { maxLength: 60 });
    fc.assert(
      fc.property(signs, (all) => {
        const breaker = new Breaker(config);
        for (const [index, sign] of all.entries()) {
          breaker.begin(index * 400);
          breaker.end(sign, index * 400, index * 400);
        }
        expect(breaker.mayTake(all.length * 400 + config.maxOpenMs)).toBe(true);
      }),
    );
  });
});
