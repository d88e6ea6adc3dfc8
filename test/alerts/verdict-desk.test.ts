import { describe, expect, test } from "vitest";
import type { Proposal } from "../../alerts/verdicts/guard-verdict.ts";
import { setUpDesk } from "./desk.ts";

const bench = setUpDesk();

const target = (variant: string, factor: number): Proposal["effect"] => ({
  kind: "target",
  route: "chat",
  variant,
  factor,
});

const reroute = (variant = "a", factor = 0.1): Proposal => ({
  action: "reroute",
  effect: target(variant, factor),
  reason: "it is slow",
  evidenceId: "e1",
  isAutomatic: true,
});

const restore = (variant = "a"): Proposal => ({ ...reroute(variant, 1), action: "restore", reason: "it is well" });

const events = () => bench.store().store.query("SELECT action, state, obstacle FROM verdicts ORDER BY at, sequence");

describe("a proposal", () => {
  test("becomes a verdict that is published with its lifetime, and an event", async () => {
    const { desk, published } = bench.open();
    const decided = await desk.propose(reroute());
    const nowMs = bench.clock().nowMs();
    expect(decided.kind).toBe("issue");
    expect(published).toEqual([
      {
        version: 1,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        sequence: nowMs,
        action: "reroute",
        effect: target("a", 0.1),
        reason: "it is slow",
        evidenceId: "e1",
        issuedAtMs: nowMs,
        expiresAtMs: nowMs + 300_000,
        isDryRun: false,
      },
    ]);
    expect(await events()).toEqual([{ action: "reroute", state: "issued", obstacle: "" }]);
  });

  test("is held back while telemetry cannot be relied on, and that is said once", async () => {
    const { desk, published, distrust } = bench.open();
    for (const missing of ["12", "12", "7.5"]) {
      distrust(`${missing} calls are missing`);
      expect(await desk.propose(reroute())).toMatchObject({
        kind: "held_back",
        obstacle: `telemetry: ${missing} calls are missing`,
      });
    }
    expect(published).toEqual([]);
    expect(await events()).toEqual([
      { action: "reroute", state: "held_back", obstacle: "telemetry: 12 calls are missing" },
    ]);
  });

  test("of a person is carried out all the same", async () => {
    const { desk, distrust } = bench.open({ config: { isDryRun: true } });
    distrust("12 calls are missing");
    const decided = await desk.propose({ ...reroute(), evidenceId: null, isAutomatic: false });
    expect(decided).toMatchObject({ kind: "issue", verdict: { isDryRun: false } });
  });

  test("that would move more of a route than may be moved is held back", async () => {
    const { desk } = bench.open();
    expect(await desk.propose(reroute("a"))).toMatchObject({ kind: "issue" });
    expect(await desk.propose(reroute("b"))).toMatchObject({
      kind: "held_back",
      obstacle: "blast radius: 90% of the route would be moved, and 50% may be",
    });
  });

  test("on a subject that was just decided waits, but a rollback does not", async () => {
    const { desk } = bench.open();
    await desk.propose(reroute());
    expect(await desk.propose(restore())).toMatchObject({ kind: "held_back" });
    bench.clock().advance(10_000);
    expect(await desk.propose(restore())).toMatchObject({ kind: "issue" });
    const canary = { kind: "canary", route: "chat", candidate: "b", share: 0.05, unit: "user", salt: "c1" } as const;
    const step = { ...reroute(), action: "step", effect: canary } as const;
    expect(await desk.propose(step)).toMatchObject({ kind: "issue" });
    expect(await desk.propose({ ...step, action: "rollback", effect: { ...canary, share: 0 } })).toMatchObject({
      kind: "issue",
    });
  });

  test("to give traffic back is held back after two losses in ten minutes, and granted when they are over", async () => {
    const { desk } = bench.open();
    const obstacles: string[] = [];
    for (const proposal of [reroute(), restore(), reroute(), restore()]) {
      const decided = await desk.propose(proposal);
      obstacles.push(decided.kind === "held_back" ? decided.obstacle : "");
      bench.clock().advance(60_000);
    }
    expect(obstacles).toEqual(["", "", "", "flapping: the target lost traffic 2 times within 10 min"]);
    bench.clock().advance(10 * 60_000);
    expect(await desk.propose(restore())).toMatchObject({ kind: "issue" });
  });

  test("in a dry run is published as such, and held in mind as if it had been carried out", async () => {
    const { desk, published } = bench.open({ config: { isDryRun: true } });
    await desk.propose(reroute());
    expect(published).toMatchObject([{ isDryRun: true }]);
    expect(desk.inForce("target:chat:a")).toMatchObject({ isDryRun: true });
    expect(await events()).toEqual([{ action: "reroute", state: "dry_run", obstacle: "" }]);
    const { desk: inEarnest } = bench.open();
    await inEarnest.start();
    expect(inEarnest.inForce("target:chat:a")).toBeNull();
    await inEarnest.stop();
  });

  test("that could not be published is published by whoever comes next", async () => {
    const first = bench.open();
    first.breakBus(true);
    await expect(first.desk.propose(reroute())).rejects.toThrow("the bus is down");
    const second = bench.open();
    await second.desk.start();
    await second.desk.stop();
    expect(second.published).toMatchObject([{ action: "reroute", effect: target("a", 0.1) }]);
  });
});

describe("a desk whose bus was away", () => {
  test("publishes within seconds what the bus did not take", async () => {
    const { desk, published, breakBus } = bench.open();
    await desk.start();
    breakBus(true);
    await expect(desk.propose(reroute())).rejects.toThrow("the bus is down");
    breakBus(false);
    const fromMs = bench.clock().nowMs();
    await bench.clock().advanceUntil(renewed(published, 1), 500);
    // Well before the next renewal, which is a minute away; virtual time goes on while the engine writes.
    expect(bench.clock().nowMs() - fromMs).toBeLessThanOrEqual(30_000);
    await desk.stop();
  });
});

describe("a verdict in force", () => {
  test("is renewed with a higher sequence until it asks for what is configured", async () => {
    const { desk, published } = bench.open();
    await desk.start();
    await desk.propose(reroute());
    await bench.clock().advanceUntil(renewed(published, 3), 1_000);
    const sequences = published.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(published.at(-1)?.expiresAtMs).toBeGreaterThan(bench.clock().nowMs() + 200_000);
    await desk.propose(restore());
    const count = published.length;
    bench.clock().advance(600_000);
    await desk.stop();
    expect(published).toHaveLength(count);
    expect(await events()).toHaveLength(2);
  });

  test("that rests on telemetry lapses while that cannot be relied on; a person's does not", async () => {
    const { desk, published, distrust } = bench.open();
    await desk.propose(reroute("a"));
    await desk.propose({ ...reroute("b", 0.5), evidenceId: null, isAutomatic: false });
    distrust("no gateway has reported");
    await desk.start();
    await bench.clock().advanceUntil(renewed(published, 5), 1_000);
    await desk.stop();
    expect(published.slice(2).map(({ effect }) => effect)).toEqual(published.slice(2).map(() => target("b", 0.5)));
  });

  test("that is retired gives way at once, and is renewed no more", async () => {
    const { desk, published } = bench.open();
    await desk.propose(reroute());
    await desk.retire(target("a", 0.1));
    await desk.retire(target("a", 0.1));
    expect(published).toHaveLength(2);
    expect(published[1]).toMatchObject({ effect: target("a", 0.1), expiresAtMs: bench.clock().nowMs() });
    expect(desk.inForce("target:chat:a")).toBeNull();
    await desk.start();
    await desk.stop();
    expect(published).toHaveLength(2);
  });
});

/** Resolves when so many verdicts have been published. */
const renewed = async (published: readonly unknown[], count: number): Promise<void> => {
  while (published.length < count) await new Promise((resolve) => setImmediate(resolve));
};
