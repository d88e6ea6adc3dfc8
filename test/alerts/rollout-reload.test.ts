import { describe, expect, test } from "vitest";
import type { PlannedTarget, RoutePlan } from "../../alerts/verdicts/route-plan.ts";
import { setUpDesk } from "./desk.ts";
import { asked, driveRollouts, trialRoute } from "./rollout-drive.ts";

const bench = setUpDesk();
const quick = { plans: { quick: [0.2, 0.5, 1] }, plan: "quick" } as const;

/** The route of the trial with another candidate or baseline. */
const routeWith = (change: {
  readonly new?: Partial<PlannedTarget>;
  readonly stable?: Partial<PlannedTarget>;
}): RoutePlan => ({
  ...trialRoute,
  targets: trialRoute.targets.map((target) => ({
    ...target,
    ...(target.variant === "new" ? change.new : change.stable),
  })),
});

const drive = () => driveRollouts(bench, { config: quick });

type Run = ReturnType<typeof drive>;

const inForce = ({ under }: Run) => under.desk.inForce("canary:chat")?.effect ?? null;

describe("a configuration that is read anew", () => {
  test("ends a canary whose candidate it has no more, and retires its verdict without a restart", async () => {
    const run = drive();
    const { id } = await run.rollouts().start(asked);
    await run.look(10, {});
    run.reconfigure([{ ...trialRoute, targets: trialRoute.targets.slice(0, 1) }]);
    await run.look(10, {});
    expect(run.rollouts().find(id)).toMatchObject({
      status: "aborted",
      says: expect.stringContaining("not configured"),
    });
    expect(inForce(run)).toBeNull();
  });

  test("begins a canary anew without the calls that the candidate had failed before it was mended", async () => {
    const run = drive();
    const { id } = await run.rollouts().start(asked);
    await run.look(40, {});
    run.reconfigure([routeWith({ new: { fingerprint: "2" } })]);
    for (let looks = 0; looks < 3; looks += 1) await run.look(40, { new: { errorRate: 1 } });
    expect(run.rollouts().find(id)).toMatchObject({
      status: "running",
      judge: { metrics: { errors: { candidate: 0 } } },
    });
    for (let looks = 0; looks < 3; looks += 1) await run.look(40, {});
    expect(run.rollouts().find(id).judge.metrics["errors"]?.candidate).toBeGreaterThan(50);
    for (let looks = 0; looks < 6; looks += 1) await run.look(40, { new: { errorRate: 1 } });
    expect(run.rollouts().find(id)).toMatchObject({ status: "rolled_back" });
  });

  test("that gives the candidate all traffic ends its canary as promoted, and needs no verdict for it", async () => {
    const run = drive();
    const { id } = await run.rollouts().start(asked);
    await run.look(10, {});
    run.reconfigure([routeWith({ new: { weight: 100 }, stable: { weight: 0 } })]);
    bench.clock().advance(60_000);
    await run.look(10, {});
    expect(run.rollouts().find(id)).toMatchObject({
      status: "promoted",
      says: "the configuration gives it all traffic of the route",
    });
    expect(inForce(run)).toBeNull();
  });

  test("takes back what is kept from a target that it has no more, so that the target is whole when it comes again", async () => {
    const run = drive();
    const effect = { kind: "target", route: "chat", variant: "stable", factor: 0 } as const;
    const ejected = { action: "eject", effect, reason: "it fails", evidenceId: "e1", isAutomatic: false } as const;
    await run.under.desk.propose(ejected);
    await run.look(10, {});
    expect(run.under.desk.inForce("target:chat:stable")).not.toBeNull();
    run.reconfigure([{ ...trialRoute, targets: trialRoute.targets.slice(1) }]);
    await run.look(10, {});
    expect(run.under.desk.inForce("target:chat:stable")).toBeNull();
  });

  test("lets a canary start on a target that it adds", async () => {
    const run = drive();
    const added = { variant: "newer", provider: "a", weight: 0, fingerprint: "1" };
    await expect(run.rollouts().start({ ...asked, candidate: "newer" })).rejects.toMatchObject({
      code: "canary.refused",
    });
    run.reconfigure([{ ...trialRoute, targets: [...trialRoute.targets, added] }]);
    expect(await run.rollouts().start({ ...asked, candidate: "newer" })).toMatchObject({ candidate: "newer" });
  });
});
