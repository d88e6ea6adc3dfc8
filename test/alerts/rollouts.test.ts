import { describe, expect, test } from "vitest";
import { setUpDesk } from "./desk.ts";
import type { Arms } from "./rollout-drive.ts";
import { asked, driveRollouts, trialRoute as route } from "./rollout-drive.ts";

const bench = setUpDesk();
const drive = (options: Parameters<typeof driveRollouts>[1] = {}) => driveRollouts(bench, options);

describe("a canary", () => {
  test("that is like the others goes through all stages of its plan and gets all traffic", async () => {
    const run = drive({ config: { plans: { quick: [0.2, 0.5, 1] }, plan: "quick" } });
    const { id } = await run.rollouts().start(asked);
    expect(run.share()).toBe(0.2);
    await run.runUntilOver(40, {});
    expect(run.rollouts().find(id)).toMatchObject({ status: "promoted" });
    expect(run.share()).toBe(1);
    expect(run.under.published.map(({ action }) => action)).toEqual(["start", "step", "promote"]);
  });

  test.each<readonly [string, Arms]>([
    ["three times the errors", { new: { errorRate: 0.03 } }],
    ["a time to first token a quarter longer", { new: { medianMs: 625 } }],
    ["half as much cost again", { new: { costNanos: 3_000_000 } }],
    ["three times the refusals", { new: { refusalRate: 0.06 } }],
  ])("with %s is taken back to nothing, and says so with its evidence", async (_, arms) => {
    const run = drive({ config: { plan: "1-5-25-50-100" } });
    const { id } = await run.rollouts().start(asked);
    await run.runUntilOver(100, arms);
    const found = run.rollouts().find(id);
    expect(found.status).toBe("rolled_back");
    expect(run.share()).toBe(0);
    expect(found.logEvidence).toBeGreaterThanOrEqual(found.logBound);
    expect(run.under.published.at(-1)).toMatchObject({ action: "rollback", evidenceId: id, reason: found.says });
    expect(await bench.store().store.query("SELECT status, share FROM canaries ORDER BY at DESC LIMIT 1")).toEqual([
      { status: "rolled_back", share: 0 },
    ]);
  });

  test("is not taken back by an outage of the provider of both", async () => {
    const run = drive();
    const { id } = await run.rollouts().start(asked);
    const outage = { errorRate: 0.6, medianMs: 3_000 };
    for (let looks = 0; looks < 120; looks += 1) await run.look(100, {});
    for (let looks = 0; looks < 60; looks += 1) await run.look(100, { stable: outage, new: outage });
    for (let looks = 0; looks < 60; looks += 1) await run.look(100, {});
    expect(run.rollouts().find(id)).toMatchObject({ endedAtMs: null });
    expect(run.under.published.some(({ action }) => action === "rollback")).toBe(false);
  });

  test("goes on after a crash where it was, and nothing is told or counted twice", async () => {
    const run = drive();
    const { id } = await run.rollouts().start(asked);
    for (let looks = 0; looks < 50; looks += 1) await run.look(100, {});
    const before = run.rollouts().find(id);
    const published = run.under.published.length;
    run.restart();
    expect(run.rollouts().find(id)).toEqual(before);
    await run.look(100, {});
    expect(run.under.published).toHaveLength(published);
    expect(run.rollouts().find(id).judge.looks).toBe(before.judge.looks + 1);
  });

  test("whose step was granted and not kept is not granted it again", async () => {
    const run = drive({ config: { plans: { quick: [0.3, 1] }, plan: "quick" } });
    const { id } = await run.rollouts().start(asked);
    const wishing = { ...run.rollouts().find(id) };
    await run.runUntilOver(40, {});
    const published = run.under.published.length;
    const { wish: _, ...rest } = wishing;
    const wish = { action: "promote", share: 1, stage: 1, status: "promoted", reason: "shown" } as const;
    run.rollouts().load([{ key: `canary:${id}`, state: JSON.stringify({ ...rest, wish }) }]);
    await run.rollouts().act({ fromMs: 0, toMs: bench.clock().nowMs(), arms: [] });
    expect(run.rollouts().find(id)).toMatchObject({ status: "promoted" });
    expect(run.under.published).toHaveLength(published);
  });

  test("moves no further while telemetry cannot be relied on, and moves when it can be again", async () => {
    const run = drive({ config: { plans: { quick: [0.3, 1] }, plan: "quick" } });
    const { id } = await run.rollouts().start(asked);
    run.under.distrust("12 calls are missing");
    for (let looks = 0; looks < 900; looks += 1) await run.look(40, {});
    expect(run.rollouts().find(id)).toMatchObject({ endedAtMs: null, verdict: "pass" });
    expect(run.share()).toBe(0.3);
    run.under.distrust(null);
    await run.look(40, {});
    expect(run.rollouts().find(id)).toMatchObject({ status: "promoted" });
  });

  test("begins a new trial in its first stage when an arm is configured anew, and ends when it is not configured any more", async () => {
    const run = drive();
    const { id } = await run.rollouts().start(asked);
    for (let looks = 0; looks < 400 && run.share() === 0.01; looks += 1) await run.look(200, {});
    expect(run.share()).toBe(0.05);
    run.restart([{ ...route, targets: route.targets.map((target) => ({ ...target, fingerprint: "2" })) }]);
    for (let looks = 0; looks < 3; looks += 1) await run.look(100, {});
    expect(run.rollouts().find(id)).toMatchObject({ status: "running", judge: { stage: 0 } });
    expect(run.share()).toBe(0.01);
    run.restart([{ ...route, targets: route.targets.slice(0, 1) }]);
    await run.look(100, {});
    expect(run.rollouts().find(id)).toMatchObject({ status: "aborted" });
  });

  test("leaves a stage in which no caller gets the candidate by evals alone, however long that takes", async () => {
    const run = drive({ config: { plan: "internal-1-5-20-100" } });
    const { id } = await run.rollouts().start(asked);
    for (let looks = 0; looks < 10; looks += 1) await run.look(40, {});
    bench.clock().advance(25 * 3_600_000);
    await run.look(40, {});
    expect([run.share(), run.rollouts().find(id)]).toMatchObject([
      0,
      { status: "held", says: expect.stringContaining("once an eval that passed is posted"), judge: { stage: 0 } },
    ]);
    await run.rollouts().recordEval(id, { name: "golden set", isPassed: true });
    await run.look(40, {});
    expect([run.share(), run.rollouts().find(id)]).toMatchObject([
      0.01,
      { status: "running", says: "stage internal: passed golden set", judge: { stage: 1 } },
    ]);
    await run.rollouts().abort(id, "enough seen");
    const second = await run.rollouts().start(asked);
    await run.rollouts().recordEval(second.id, { name: "golden set", isPassed: false });
    await run.look(40, {});
    expect(run.rollouts().find(second.id)).toMatchObject({ status: "rolled_back", says: "the eval golden set failed" });
  });

  test("takes no eval for one of what its candidate was configured to be later", async () => {
    const run = drive({ config: { plans: { quick: [0.3, 1] }, plan: "quick", needsEvals: true } });
    const { id } = await run.rollouts().start(asked);
    await run.look(40, {});
    await run.rollouts().recordEval(id, { name: "golden set", isPassed: true });
    run.restart([{ ...route, targets: route.targets.map((target) => ({ ...target, fingerprint: "2" })) }]);
    await run.runUntilOver(40, {}, 900);
    expect(run.rollouts().find(id)).toMatchObject({ status: "running", verdict: "pass" });
    await run.rollouts().recordEval(id, { name: "golden set", isPassed: true });
    await run.look(40, {});
    expect(run.rollouts().find(id)).toMatchObject({ status: "promoted" });
  });

  test("waits for its evals where they are demanded, and is taken back by one that failed", async () => {
    const run = drive({ config: { plans: { quick: [0.3, 1] }, plan: "quick", needsEvals: true } });
    const first = await run.rollouts().start(asked);
    await run.runUntilOver(40, {}, 900);
    expect(run.share()).toBe(0.3);
    await run.rollouts().recordEval(first.id, { name: "golden set", isPassed: true });
    await run.runUntilOver(40, {}, 10);
    expect(run.rollouts().find(first.id)).toMatchObject({ status: "promoted" });
    const second = await run.rollouts().start(asked);
    await run.rollouts().recordEval(second.id, { name: "golden set", isPassed: false });
    await run.look(40, {});
    expect(run.rollouts().find(second.id)).toMatchObject({
      status: "rolled_back",
      says: "the eval golden set failed",
    });
  });
});
