import { describe, expect, test } from "vitest";
import { Reroute } from "../../alerts/reroute/reroute.ts";
import { rerouteConfig } from "../../alerts/reroute/reroute-config.ts";
import { seededRandom } from "../../core/random.ts";
import type { DeskUnderTest } from "./desk.ts";
import { halfAndHalf, setUpDesk } from "./desk.ts";
import type { SimulatedTarget } from "./simulated-arms.ts";
import { simulatedArm } from "./simulated-arms.ts";

const bench = setUpDesk();
const everySeconds = 5;

/** A route whose calls are spread as the verdicts in force say, looked at every five seconds. */
const drive = (under: DeskUnderTest = bench.open(), seed = 1) => {
  let routes = [halfAndHalf];
  const random = seededRandom(seed);
  const config = rerouteConfig.parse({});
  const reroute = new Reroute({ desk: under.desk, routes: () => routes, config, everySeconds });
  reroute.load([]);
  const factorOf = (variant: string): number => {
    const effect = under.desk.inForce(`target:chat:${variant}`)?.effect;
    return effect?.kind === "target" ? effect.factor : 1;
  };
  /** Share of the calls that a target gets. */
  const shareOf = (variant: string): number =>
    factorOf(variant) / halfAndHalf.targets.reduce((sum, target) => sum + factorOf(target.variant), 0);
  const look = async (targets: readonly SimulatedTarget[]): Promise<void> => {
    const clock = bench.clock();
    const fromMs = clock.nowMs();
    clock.advance(everySeconds * 1_000);
    const calls = targets.reduce((sum, target) => sum + target.calls, 0);
    const arms = targets.map((target) => simulatedArm({ ...target, calls: calls * shareOf(target.variant) }, random));
    const taken = { fromMs, toMs: clock.nowMs(), arms };
    reroute.take(taken);
    await reroute.act(taken);
  };
  const run = async (seconds: number, targets: readonly SimulatedTarget[]): Promise<void> => {
    for (let second = 0; second < seconds; second += everySeconds) await look(targets);
  };
  /** Seconds until a condition holds; gives up after `most`. */
  const until = async (targets: readonly SimulatedTarget[], holds: () => boolean, most: number): Promise<number> => {
    for (let second = 0; second < most; second += everySeconds) {
      if (holds()) return second;
      await look(targets);
    }
    return holds() ? most : Number.POSITIVE_INFINITY;
  };
  const reconfigure = (targets: typeof halfAndHalf.targets): void => {
    routes = [{ ...halfAndHalf, targets }];
  };
  return {
    run,
    until,
    shareOf,
    reconfigure,
    moves: () => under.published.map(({ action, effect }) => ({ action, effect })),
  };
};

/** Two targets that answer at different speed, ten calls a look each. */
const a: SimulatedTarget = { variant: "a", calls: 10, medianMs: 400 };
const b: SimulatedTarget = { variant: "b", calls: 10, medianMs: 900 };

describe("a target", () => {
  test("whose time to first token triples loses its share to at most 10% within 60 s, and gets it back when it is well", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const route = drive(bench.open(), seed);
      await route.run(600, [a, b]);
      expect(route.moves()).toEqual([]);
      const slow = [a, { ...b, medianMs: 2_700 }];
      expect(await route.until(slow, () => route.shareOf("b") <= 0.1, 300)).toBeLessThanOrEqual(60);
      await route.run(120, slow);
      expect(route.shareOf("b")).toBeLessThanOrEqual(0.1);
      expect(await route.until([a, b], () => route.shareOf("b") === 0.5, 3_600)).toBeLessThanOrEqual(900);
      expect(route.moves().map(({ action }) => action)).toEqual(["reroute", "restore", "restore"]);
      bench.clock().advance(3_600_000);
    }
  });

  test("that gets a weight by the configuration is judged from then on, and one that loses it no more", async () => {
    const route = drive();
    const [first, second] = halfAndHalf.targets;
    if (first === undefined || second === undefined) throw new RangeError("a route of two targets");
    route.reconfigure([first, { ...second, weight: 0 }]);
    const failing = [a, { ...b, errorRate: 0.5 }];
    await route.run(120, failing);
    expect(route.moves()).toEqual([]);
    route.reconfigure([first, second]);
    await route.run(120, failing);
    expect(route.moves().map(({ action, effect }) => [action, effect])).toEqual([
      ["reroute", { kind: "target", route: "chat", variant: "b", factor: 0.1 }],
    ]);
  });

  test("that fails a third of its calls loses its share, and gets it back when nobody fails any more", async () => {
    const route = drive();
    await route.run(600, [a, b]);
    const failing = [{ ...a, errorRate: 0.33 }, b];
    expect(await route.until(failing, () => route.shareOf("a") <= 0.1, 300)).toBeLessThanOrEqual(60);
    expect(await route.until([a, b], () => route.shareOf("a") === 0.5, 3_600)).toBeLessThanOrEqual(1_200);
  });

  test("keeps its share when all get slow or fail alike, and when it is always slower than the others", async () => {
    const route = drive();
    await route.run(600, [a, b]);
    await route.run(600, [
      { ...a, medianMs: 1_600, errorRate: 0.5 },
      { ...b, medianMs: 3_600, errorRate: 0.5 },
    ]);
    await route.run(600, [a, b]);
    expect(route.moves()).toEqual([]);
  });

  test("that is a little slower than usual keeps its share, however sure that is", async () => {
    const route = drive();
    await route.run(600, [a, b]);
    await route.run(3_600, [a, { ...b, medianMs: 1_080 }]);
    expect(route.moves()).toEqual([]);
  });

  test("that is well loses nothing in three days of looks", async () => {
    const route = drive(bench.open(), 7);
    await route.run(3 * 86_400, [
      { ...a, calls: 3, errorRate: 0.02 },
      { ...b, calls: 3, errorRate: 0.02 },
    ]);
    expect(route.moves()).toEqual([]);
  });

  test("keeps what was decided of it over a restart", async () => {
    const route = drive(bench.open());
    await route.run(600, [a, b]);
    await route.until([a, { ...b, medianMs: 2_700 }], () => route.shareOf("b") <= 0.1, 300);
    const next = bench.open();
    await next.desk.start();
    const again = drive(next);
    expect(again.shareOf("b")).toBeLessThanOrEqual(0.1);
    await again.run(120, [a, b]);
    expect(next.published.every(({ action }) => action === "reroute")).toBe(true);
    await next.desk.stop();
  });

  test("without another beside it is left alone", async () => {
    const route = drive();
    await route.run(600, [a]);
    await route.run(600, [{ ...a, medianMs: 4_000, errorRate: 1 }]);
    expect(route.moves()).toEqual([]);
  });
});
