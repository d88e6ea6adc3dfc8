import { describe, expect, test } from "vitest";
import { hashOfArms } from "../../alerts/rollouts/arms-of.ts";
import { openRollout } from "../../alerts/rollouts/open-rollout.ts";
import type { Rollout } from "../../alerts/rollouts/rollout.ts";
import { rolloutsConfig } from "../../alerts/rollouts/rollouts-config.ts";
import { takeLook } from "../../alerts/rollouts/take-look.ts";
import { unitCohorts } from "../../alerts/rollouts/unit-cohorts.ts";
import { unitsWantedOf } from "../../alerts/rollouts/units-wanted.ts";
import { seededRandom } from "../../core/random.ts";
import { trialRoute } from "./rollout-drive.ts";
import { stickyUsers } from "./sticky-users.ts";

const startMs = Date.UTC(2026, 0, 5);
const routes = [trialRoute];

const opened = (unit: "request" | "user", share = 0.2): Rollout => {
  const trial = { route: "chat", candidate: "new", external: null };
  return openRollout({
    id: "c",
    asked: { ...trial, unit },
    route: trialRoute,
    config: rolloutsConfig.parse({ plans: { only: [share, 1] }, plan: "only" }),
    hash: hashOfArms(routes, trial) ?? "",
    nowMs: startMs,
  });
};

/** How a trial of so many minutes ends, with the same users counted by calls and by users. */
const endsOf = (seed: number, args: { readonly minutes: number; readonly users: number; readonly harm?: number }) => {
  const minute = stickyUsers({ random: seededRandom(seed), share: 0.2, ...args });
  let byCalls = opened("request");
  let byUsers = opened("user");
  for (let at = 1; at <= args.minutes; at += 1) {
    const { calls, users } = minute();
    const toMs = startMs + at * 60_000;
    const span = { fromMs: toMs - 60_000, toMs };
    byCalls = takeLook(byCalls, { ...span, arms: calls }, routes);
    const cohorts = unitsWantedOf(byUsers, toMs)[0]?.spans.map(() => users);
    byUsers = takeLook(byUsers, { ...span, arms: [], units: new Map([["c", cohorts ?? []]]) }, routes);
  }
  return { calls: byCalls.wish?.action ?? null, users: byUsers.wish?.action ?? null };
};

describe("a canary of users", () => {
  test("is not rolled back by a few heavy ones, where counting their calls would do so", () => {
    const ends = Array.from({ length: 200 }, (_, seed) => endsOf(seed + 1, { minutes: 60, users: 400 }));
    const rolledBack = (by: "calls" | "users"): number => ends.filter((end) => end[by] === "rollback").length;
    expect(rolledBack("calls")).toBeGreaterThan(10);
    expect(rolledBack("users")).toBe(0);
  }, 60_000);

  test("is rolled back when most of them come to harm", () => {
    const ends = Array.from({ length: 5 }, (_, seed) => endsOf(seed + 1, { minutes: 60, users: 2_000, harm: 20 }));
    expect(ends.map(({ users }) => users)).toEqual(Array(5).fill("rollback"));
  }, 60_000);

  test("counts them once a minute, and calls without them change nothing", () => {
    const rollout = opened("user");
    expect(unitsWantedOf(rollout, startMs + 59_999)).toEqual([]);
    expect(takeLook(rollout, { fromMs: startMs, toMs: startMs + 5_000, arms: [] }, routes)).toBe(rollout);
    expect(unitsWantedOf(rollout, startMs + 60_000)).toEqual([
      {
        key: "c",
        spans: [
          {
            ...{ fromMs: startMs, toMs: startMs + 60_000, sinceMs: startMs + 10_000, route: "chat", unit: "user" },
            ...{ begunFromMs: startMs + 10_000, begunUntilMs: startMs + 60_000 },
          },
        ],
      },
    ]);
    expect(unitsWantedOf(opened("request"), startMs + 60_000)).toEqual([]);
  });

  test("compares those who came under a smaller share by the share of those who kept their arm", () => {
    const shares = [0.2, 0.6].map((share, index) => ({ share, atMs: startMs + index * 100_000 }));
    expect(unitCohorts({ ...opened("user"), shares }, startMs + 200_000)).toEqual([
      {
        ...{ begunFromMs: startMs + 10_000, begunUntilMs: startMs + 100_000, isCurrent: false },
        share: 0.2 / (0.2 + 1 - 0.6),
      },
      {
        begunFromMs: startMs + 110_000,
        begunUntilMs: startMs + 200_000,
        share: 0.6 / (0.6 + 1 - 0.6),
        isCurrent: true,
      },
    ]);
  });

  test("counts of those who came under a smaller share only what goes wrong later", () => {
    const shares = [0.2, 0.6].map((share, index) => ({ share, atMs: startMs + index * 100_000 }));
    const minute = stickyUsers({ random: seededRandom(1), share: 0.5, users: 500 });
    const { users } = minute();
    const look = { fromMs: 0, toMs: startMs + 200_000, arms: [], units: new Map([["c", [users, users]]]) };
    const { judge } = takeLook({ ...opened("user"), shares }, look, routes);
    const [baseline, candidate] = users;
    expect(judge.metrics["errors"]).toMatchObject({
      candidate: candidate?.calls,
      baseline: baseline?.calls,
      questions: [{ candidateYes: 2 * (candidate?.errors ?? 0), baselineYes: 2 * (baseline?.errors ?? 0) }],
    });
    expect([judge.looks, judge.lastLookMs]).toEqual([2, startMs + 200_000]);
  });
});
