import { describe, expect, it } from "vitest";
import { isExact } from "./print-soak.ts";
import { soakGateway } from "./soak-gateway.ts";

const calls = 1_000;

describe("a gateway that is killed among mixed calls", () => {
  it("leaves one record of each call, of the outcome that its caller saw, and none of a request that became no call", async () => {
    const begun: number[] = [];
    const report = await soakGateway({
      ...{ calls, kills: 2, callers: 24, isKept: false },
      onTenth: () => {},
      onCall: (number) => begun.push(number),
    });
    expect(report.examples).toEqual([]);
    expect([report.defects, isExact(report)]).toEqual([
      { lost: 0, double: 0, not_a_call: 0, disagrees: 0, brokenWithoutKill: 0, missingOfTold: 0 },
      true,
    ]);
    expect(begun).toHaveLength(calls);
    // A kill in the midst of so many callers always leaves calls under way.
    expect(report.outcomes["interrupted"]).toBeGreaterThan(0);
    expect(report.outcomes["ok"]).toBeGreaterThanOrEqual(report.views["whole"] ?? calls);
    expect(report.attempts).toBe(report.spans);
  }, 180_000);
});
