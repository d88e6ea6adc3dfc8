import type { Pick } from "../pick-target.ts";
import { pickTarget } from "../pick-target.ts";
import type { Route, Target } from "../route-table.ts";
import type { HealthBoard } from "./health-board.ts";

/** What a pick depends on. */
export interface BalanceArgs {
  readonly balance: Route["balance"];
  /** Those to pick from. */
  readonly targets: readonly Target[];
  readonly health: HealthBoard;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Picks one of the targets with a weight above 0, in the way that the route balances; null when there is none. */
export const balance = (args: BalanceArgs): Pick | null => {
  const { health, random, targets } = args;
  switch (args.balance) {
    case "weight":
      return pickTarget({ targets, u: random() });
    case "latency":
      return betterOfTwo(live(targets), health, random);
    case "least_busy":
      return leastOf(live(targets), random, (target) => ({
        value: health.of(target).underWay / target.weight,
        reason: `least busy, ${health.of(target).underWay} under way`,
      }));
    case "cost":
      return leastOf(live(targets), random, ({ cost }) => ({
        value: cost ?? Number.POSITIVE_INFINITY,
        reason: `cost ${cost ?? "unknown"}`,
      }));
  }
};

const live = (targets: readonly Target[]): readonly Target[] => targets.filter(({ weight }) => weight > 0);

/**
 * Power of two choices: of two drawn at random the one with the shorter expected wait, so that callers do not all run to the
 * one that was quickest a moment ago. One that was never measured goes first, so that it is.
 */
const betterOfTwo = (targets: readonly Target[], health: HealthBoard, random: () => number): Pick | null => {
  const first = targets[Math.floor(random() * targets.length)];
  if (first === undefined) return null;
  const others = targets.filter((target) => target !== first);
  const second = others[Math.floor(random() * others.length)] ?? first;
  const target = expectedMs(second, health) < expectedMs(first, health) ? second : first;
  const { latencyMs, underWay } = health.of(target);
  const measured = latencyMs === null ? "not measured" : `${Math.round(latencyMs)} ms`;
  return { target, reason: `latency ${measured}, ${underWay} under way` };
};

const expectedMs = (target: Target, health: HealthBoard): number => {
  const { latencyMs, underWay } = health.of(target);
  return ((latencyMs ?? 0) * (underWay + 1)) / target.weight;
};

interface Score {
  readonly value: number;
  readonly reason: string;
}

/** The target with the lowest value, and one of them by weight where several have it. */
const leastOf = (targets: readonly Target[], random: () => number, scoreOf: (target: Target) => Score): Pick | null => {
  const scores = targets.map((target) => scoreOf(target).value);
  const least = Math.min(...scores);
  const pick = pickTarget({ targets: targets.filter((_target, index) => scores[index] === least), u: random() });
  return pick === null ? null : { target: pick.target, reason: scoreOf(pick.target).reason };
};
