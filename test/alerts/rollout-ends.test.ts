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

const drive = (candidate: Partial<PlannedTarget> = {}) =>
  driveRollouts(bench, { config: { ...quick, keptDays: 1 }, routes: [routeWith({ new: candidate })] });

type Run = ReturnType<typeof drive>;

const inForce = ({ under }: Run) => under.desk.inForce("canary:chat")?.effect ?? null;

const rolledBack = async (candidate: Partial<PlannedTarget>): Promise<Run> => {
  const run = drive(candidate);
  const { id } = await run.rollouts().start(asked);
  await run.rollouts().abort(id, "wrong build");
  await run.look(10, {});
  return run;
};

const promoted = async (): Promise<Run> => {
  const run = drive();
  const { id } = await run.rollouts().start(asked);
  await run.rollouts().promote(id, "it fixes the outage");
  await run.look(10, {});
  return run;
};

describe("the verdict of a canary that is over", () => {
  test("lapses at once after a rollback where the candidate has no weight of its own", async () => {
    const run = await rolledBack({});
    expect(inForce(run)).toBeNull();
    expect(run.under.published.at(-1)).toMatchObject({ effect: { share: 0 }, expiresAtMs: bench.clock().nowMs() });
  });

  test.each<readonly [string, Partial<PlannedTarget>]>([
    ["has a weight of its own", { weight: 20 }],
    ["stands in for others", { standsIn: true }],
  ])(
    "holds after a rollback while the candidate %s, and longer than the canary is listed otherwise",
    async (_, own) => {
      const run = await rolledBack(own);
      bench.clock().advance(3 * 86_400_000);
      await run.look(10, {});
      expect(inForce(run)).toMatchObject({ share: 0 });
      expect(run.rollouts().list()).toHaveLength(1);
    },
  );

  test.each<readonly [string, Parameters<typeof routeWith>[0]]>([
    ["takes the weight from the candidate", { new: { weight: 0 } }],
    ["gives the candidate another weight", { new: { weight: 5 } }],
    ["makes the candidate something else", { new: { weight: 20, fingerprint: "2" } }],
  ])("lapses after a rollback once the operator %s", async (_, change) => {
    const run = await rolledBack({ weight: 20 });
    run.restart([routeWith(change)]);
    await run.look(10, {});
    expect(inForce(run)).toBeNull();
  });

  test("holds after a rollback whatever becomes of the other targets", async () => {
    const run = await rolledBack({ weight: 20 });
    run.restart([routeWith({ new: { weight: 20 }, stable: { weight: 70, fingerprint: "2" } })]);
    await run.look(10, {});
    expect(inForce(run)).toMatchObject({ share: 0 });
  });

  test("holds after a promotion until the weights of the route change", async () => {
    const run = await promoted();
    run.restart([routeWith({ new: { fingerprint: "2" } })]);
    await run.look(10, {});
    expect(inForce(run)).toMatchObject({ share: 1 });
    run.restart([routeWith({ new: { weight: 100 }, stable: { weight: 0 } })]);
    await run.look(10, {});
    expect(inForce(run)).toBeNull();
  });

  test("lapses when the candidate is not configured any more, and the canary is forgotten in time", async () => {
    const run = await promoted();
    run.restart([{ ...trialRoute, targets: trialRoute.targets.slice(0, 1) }]);
    await run.look(10, {});
    expect(inForce(run)).toBeNull();
    bench.clock().advance(2 * 86_400_000);
    await run.look(10, {});
    expect(run.rollouts().list()).toEqual([]);
  });

  test("gives way to the next canary of the route, which nothing retires", async () => {
    const run = await rolledBack({ weight: 20 });
    const { id } = await run.rollouts().start(asked);
    await run.look(10, {});
    expect(inForce(run)).toMatchObject({ share: 0.2, salt: id });
  });

  test("lapses where nobody remembers a canary that had a part of the traffic", async () => {
    const run = drive();
    await run.rollouts().start(asked);
    run.rollouts().load([]);
    await run.look(10, {});
    expect(inForce(run)).toBeNull();
  });
});

describe("a crash between what is kept of a canary and its verdict", () => {
  test("of its start is mended by the next look: the candidate gets its share", async () => {
    const run = drive();
    run.dieOnceKept();
    await expect(run.rollouts().start(asked)).rejects.toThrow("the process died");
    run.restart();
    await run.look(10, {});
    await run.look(10, {});
    expect(inForce(run)).toMatchObject({ share: 0.2 });
    expect(run.under.published.map(({ action }) => action)).toEqual(["start"]);
  });

  test("of its end is mended by the next look: the candidate loses its share", async () => {
    const run = drive({ weight: 20 });
    const { id } = await run.rollouts().start(asked);
    run.dieOnceKept();
    await expect(run.rollouts().abort(id, "wrong build")).rejects.toThrow("the process died");
    run.restart();
    await run.look(10, {});
    await run.look(10, {});
    expect(inForce(run)).toMatchObject({ share: 0 });
    expect(run.under.published.map(({ action }) => action)).toEqual(["start", "rollback"]);
  });
});
