import { calmDay, calmDays } from "./null-cells.ts";
import { numberCell } from "./number-cells.ts";
import { rateCell } from "./rate-cells.ts";
import { bestInHindsight } from "./rate-rules.ts";
import type { Cell, CellOutcomes } from "./run-cell.ts";
import { runCell } from "./run-cell.ts";
import { stickyDay } from "./sticky-cell.ts";
import { wholeCell } from "./whole-cell.ts";

/** What a cell is: a rollout that should not be rolled back, or one that should. */
export type CellKind = "harmless" | "harmful";

/** What came of one cell. */
export interface CellResult {
  readonly name: string;
  readonly kind: CellKind;
  readonly outcomes: CellOutcomes;
}

/** Cells that are simulated together, by a name of their own; their seeds are theirs, whoever runs them, and when. */
export interface CanaryJob {
  readonly name: string;
  readonly run: () => readonly CellResult[];
}

/** Everything that the benchmark simulates, in the order in which it is told. */
export const canaryJobs = (runs: number): readonly CanaryJob[] => {
  const ttft = (args: Numbers) => numberCell({ ...args, runs, kind: "quantiles", median: 600, sigma: 0.5 });
  const lengths = (args: Numbers) => numberCell({ ...args, runs, kind: "mean", median: 400, sigma: 0.9 });
  return [
    ratePair({ name: "errors", rate: 0.01, seed: 1, runs }),
    ratePair({ name: "refusals", rate: 0.02, seed: 3, runs }),
    job("ttft_null", "harmless", () => ttft({ harm: { factor: 1 }, seed: 5 })),
    job("ttft_slower", "harmful", () => ttft({ harm: { factor: 1.25 }, seed: 6 })),
    job("ttft_tail", "harmful", () => ttft({ harm: { factor: 1, tailShare: 0.06, tailFactor: 3 }, seed: 7 })),
    job("ttft_shock", "harmless", () => ttft({ harm: { factor: 1 }, seed: 8, looks: 1, isShocked: true })),
    job("length_null", "harmless", () => lengths({ harm: { factor: 1 }, seed: 9 })),
    job("length_longer", "harmful", () => lengths({ harm: { factor: 1.2 }, seed: 10 })),
    job("all_metrics_null", "harmless", () => wholeCell({ runs, seed: 11, looks: 1, errorsTimes: 1 })),
    job("all_metrics_errors", "harmful", () => wholeCell({ runs, seed: 12, looks: 12, errorsTimes: 3 })),
    ...Object.keys(calmDays).map((name, index) =>
      job(`day_${name}`, "harmless", () => calmDay(name, { runs, seed: 20 + index })),
    ),
    job("day_sticky", "harmless", () => stickyDay({ runs, seed: 30 })),
  ];
};

type Numbers = Omit<Parameters<typeof numberCell>[0], "runs" | "kind" | "median" | "sigma">;

const job = <Counts>(name: string, kind: CellKind, cell: () => Cell<Counts>): CanaryJob => ({
  name,
  run: () => [{ name, kind, outcomes: runCell(cell()) }],
});

/** A rate that stays and one that triples; with Flagger at the limit that turns out to be the best of those that seldom err. */
const ratePair = (args: {
  readonly name: string;
  readonly rate: number;
  readonly seed: number;
  readonly runs: number;
}): CanaryJob => {
  const { name, rate, seed, runs } = args;
  const cell = (times: number): CellOutcomes =>
    runCell(rateCell({ runs, seed: seed + times, baseline: rate, candidate: times * rate }));
  return {
    name,
    run: () => {
      const [harmless, harmful] = bestInHindsight(cell(1), cell(3));
      return [
        { name: `${name}_null`, kind: "harmless", outcomes: harmless },
        { name: `${name}_tripled`, kind: "harmful", outcomes: harmful },
      ];
    },
  };
};
