import { Rollouts } from "../../alerts/rollouts/rollouts.ts";
import { rolloutsConfig } from "../../alerts/rollouts/rollouts-config.ts";
import type { RoutePlan } from "../../alerts/verdicts/route-plan.ts";
import { startLagMs } from "../../core/arms.ts";
import { seededRandom } from "../../core/random.ts";
import type { DeskBench } from "./desk.ts";
import type { SimulatedTarget } from "./simulated-arms.ts";
import { simulatedArm } from "./simulated-arms.ts";

const lookSeconds = 5;

/** A route with a target on trial that has no weight of its own. */
export const trialRoute: RoutePlan = {
  name: "chat",
  targets: [
    { variant: "stable", provider: "a", weight: 100, fingerprint: "1" },
    { variant: "new", provider: "a", weight: 0, fingerprint: "1" },
  ],
};

/** Canaries on a route of so many calls a second, whose candidate gets the share that is in force. */
export const driveRollouts = (
  bench: DeskBench,
  options: { readonly config?: object; readonly seed?: number; readonly routes?: readonly RoutePlan[] } = {},
) => {
  const { config = {}, seed = 1, routes = [trialRoute] } = options;
  const under = bench.open({ routes });
  const random = seededRandom(seed);
  const begun: (readonly number[])[] = [];
  const kept = new Map<string, string>();
  let isDying = false;
  const keep = async (states: readonly { readonly key: string; readonly state: string }[]): Promise<void> => {
    for (const { key, state } of states) kept.set(key, state);
    if (isDying) {
      isDying = false;
      throw new Error("the process died");
    }
  };
  let ids = 0;
  let current = routes;
  const open = (): Rollouts =>
    new Rollouts({
      desk: under.desk,
      routes: () => current,
      config: rolloutsConfig.parse(config),
      keep,
      store: bench.store().store,
      clock: bench.clock(),
      ids: {
        next: () => {
          ids += 1;
          return `canary-${ids}`;
        },
      },
    });
  let rollouts = open();
  rollouts.load([]);
  const share = (): number => {
    const effect = under.desk.inForce("canary:chat")?.effect;
    return effect?.kind === "canary" ? effect.share : 0;
  };
  const look = async (callsPerSecond: number, those: Arms): Promise<void> => {
    const clock = bench.clock();
    const fromMs = clock.nowMs();
    clock.advance(lookSeconds * 1_000);
    const calls = callsPerSecond * lookSeconds;
    const arms = [
      simulatedArm({ ...usual, ...those.stable, variant: "stable", calls: calls * (1 - share()) }, random),
      simulatedArm({ ...usual, ...those.new, variant: "new", calls: calls * share() }, random),
    ];
    // What is over now is what was begun at once; what is told as begun was begun a while ago.
    begun.push(arms.map((arm) => arm.calls));
    const long = begun.length > startLagMs / 1_000 / lookSeconds ? begun.shift() : undefined;
    const lagged = arms.map((arm, index) => ({ ...arm, started: long?.[index] ?? 0 }));
    const taken = { fromMs, toMs: clock.nowMs(), arms: lagged };
    await keep(rollouts.take(taken));
    await rollouts.act(taken);
  };
  return {
    under,
    share,
    look,
    rollouts: () => rollouts,
    /** Ends what is under way right after it keeps something. */
    dieOnceKept: (): void => {
      isDying = true;
    },
    /** Runs looks until the canary has ended; gives up after a number of them. */
    runUntilOver: async (callsPerSecond: number, arms: Arms, most = 4_000): Promise<void> => {
      for (let looks = 0; looks < most && rollouts.list()[0]?.endedAtMs === null; looks += 1)
        await look(callsPerSecond, arms);
    },
    /** The configuration is read anew while the process runs. */
    reconfigure: (on: readonly RoutePlan[]): void => {
      current = on;
    },
    /** What a new process makes of what was kept. */
    restart: (on: readonly RoutePlan[] = routes): void => {
      current = on;
      rollouts = open();
      rollouts.load([...kept].map(([key, state]) => ({ key, state })));
    },
  };
};

/** How the arms differ from what is usual. */
export interface Arms {
  readonly stable?: Partial<SimulatedTarget>;
  readonly new?: Partial<SimulatedTarget>;
}

const usual = { medianMs: 500, errorRate: 0.01, refusalRate: 0.02, costNanos: 2_000_000 } as const;

/** The canary of most tests. */
export const asked = { route: "chat", candidate: "new", unit: "request" } as const;
