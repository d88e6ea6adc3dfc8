import { describe, expect, test } from "vitest";
import { setUpDesk } from "./desk.ts";
import { asked, driveRollouts } from "./rollout-drive.ts";

const bench = setUpDesk();
const drive = () => driveRollouts(bench);

describe("a person", () => {
  test("is told why a canary cannot be started", async () => {
    const run = drive();
    const start = (more: object) => run.rollouts().start({ ...asked, ...more });
    await expect(start({ route: "none" })).rejects.toThrow('There is no route "none".');
    await expect(start({ candidate: "none" })).rejects.toThrow("its targets are stable, new");
    await expect(start({ candidate: "stable" })).rejects.toThrow("there is nothing to compare");
    await expect(start({ plan: "none" })).rejects.toThrow('There is no plan "none"');
    await run.rollouts().start(asked);
    await expect(start({})).rejects.toThrow("runs on the route");
    expect(() => run.rollouts().find("none")).toThrow('There is no canary "none"');
  });

  test("takes a canary back or gives it all traffic, whatever it was judged to be", async () => {
    const run = drive();
    const first = await run.rollouts().start(asked);
    run.under.distrust("12 calls are missing");
    await run.rollouts().abort(first.id, "wrong build");
    expect(run.share()).toBe(0);
    expect(run.rollouts().find(first.id)).toMatchObject({ status: "aborted", says: "wrong build" });
    await expect(run.rollouts().promote(first.id, "now")).rejects.toThrow("is over");
    const second = await run.rollouts().start(asked);
    await run.rollouts().promote(second.id, "it fixes the outage");
    expect(run.share()).toBe(1);
    await run.rollouts().abort(second.id, "it does not");
    expect(run.share()).toBe(0);
  });
});
