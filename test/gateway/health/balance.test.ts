import { describe, expect, test } from "vitest";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import { balance } from "../../../gateway/health/balance.ts";
import { breakerConfig } from "../../../gateway/health/breaker-config.ts";
import { HealthBoard } from "../../../gateway/health/health-board.ts";
import type { Target } from "../../../gateway/route-table.ts";

const target = (variant: string, more: Partial<Target> = {}): Target => ({
  provider: variant,
  model: null,
  weight: 1,
  variant,
  pin: null,
  cost: null,
  place: { region: null, compliance: [] },
  ...more,
});

const board = (): HealthBoard =>
  new HealthBoard({ config: breakerConfig.parse(undefined), meter: silentMeter, log: silentLog });

const answer = (health: HealthBoard, at: Target, latencyMs: number): void => {
  health.of(at).begin(0);
  health.of(at).end({ sign: "well", latencyMs, beganMs: 0, nowMs: 0 });
};

const draws = (...values: readonly number[]): (() => number) => {
  const left = [...values];
  return () => left.shift() ?? 0;
};

describe("balance", () => {
  test("by latency takes the quicker of two, counting the calls that wait there", () => {
    const health = board();
    const [a, b] = [target("a"), target("b")];
    answer(health, a, 100);
    answer(health, b, 150);
    const pick = (): string | undefined =>
      balance({ balance: "latency", targets: [a, b], health, random: draws(0, 0) })?.target.variant;
    expect(pick()).toBe("a");
    health.of(a).begin(0);
    expect(pick()).toBe("b");
  });

  test("by latency sends a call to a target that was never measured", () => {
    const health = board();
    const [a, b] = [target("a"), target("b")];
    answer(health, a, 1);
    const pick = balance({ balance: "latency", targets: [a, b], health, random: draws(0, 0) });
    expect(pick).toEqual({ target: b, reason: "latency not measured, 0 under way" });
  });

  test("by calls under way takes the least busy for its weight", () => {
    const health = board();
    const [a, b] = [target("a", { weight: 4 }), target("b")];
    for (let call = 0; call < 3; call += 1) health.of(a).begin(0);
    health.of(b).begin(0);
    const pick = balance({ balance: "least_busy", targets: [a, b], health, random: draws(0.99) });
    expect(pick).toEqual({ target: a, reason: "least busy, 3 under way" });
  });

  test("by cost takes the cheapest; one of unknown cost comes last, and one without weight never", () => {
    const targets = [target("a"), target("b", { cost: 3 }), target("c", { cost: 1, weight: 0 })];
    const pick = balance({ balance: "cost", targets, health: board(), random: draws(0.99) });
    expect(pick).toEqual({ target: targets[1], reason: "cost 3" });
  });

  test.each(["weight", "latency", "least_busy", "cost"] as const)(
    "by %s picks nobody where nobody has a weight",
    (by) => {
      expect(
        balance({ balance: by, targets: [target("a", { weight: 0 })], health: board(), random: draws() }),
      ).toBeNull();
    },
  );
});

test("a latency rises at once and falls slowly", () => {
  const health = board().of(target("a"));
  const seen = [100, 400, 100].map((latencyMs, index) => {
    health.begin(index * 1_000);
    health.end({ sign: "well", latencyMs, beganMs: 0, nowMs: index * 1_000 });
    return health.latencyMs ?? 0;
  });
  expect(seen.slice(0, 2)).toEqual([100, 400]);
  expect(seen[2]).toBeGreaterThan(350);
  expect(seen[2]).toBeLessThan(400);
});
