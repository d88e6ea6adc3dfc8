import type { Figure } from "../figure.ts";
import { figureOf, medianFigure } from "../figure.ts";
import { lookCost } from "./look-cost.ts";
import { calmDay, calmDays } from "./null-cells.ts";
import { numberCell } from "./number-cells.ts";
import { rateCell } from "./rate-cells.ts";
import { bestInHindsight } from "./rate-rules.ts";
import type { Cell, CellOutcomes } from "./run-cell.ts";
import { judgeNames, runCell } from "./run-cell.ts";
import { stickyDay } from "./sticky-cell.ts";
import { tallyOf } from "./tally.ts";
import { wholeCell } from "./whole-cell.ts";

const runs = 2_000;
/** How the names of our own rules begin; the bounds of others are not figures of ours. */
const ours = "judge";

type Report = (text: string) => void;

/** What a cell is: a rollout that should not be rolled back, or one that should. */
type Kind = "harmless" | "harmful";

/**
 * Simulates rollouts, harmless and harmful, and tells for our judge and for the rules of others how often they roll back and after
 * how many requests of the candidate. All see the same traffic: 2,000 requests a minute, 5% of them the candidate's; we look every 5
 * seconds, the others every minute.
 */
export const benchCanary = (report: Report): Promise<readonly Figure[]> => {
  const run = <Counts>(name: string, kind: Kind, cell: Cell<Counts>): readonly Figure[] =>
    figuresOf(name, kind, told(report, name, runCell(cell)));
  return Promise.resolve([
    lookCost(),
    ...ratePair(report, { name: "errors", rate: 0.01, seed: 1 }),
    ...ratePair(report, { name: "refusals", rate: 0.02, seed: 3 }),
    ...run("ttft_null", "harmless", ttft({ harm: { factor: 1 }, seed: 5 })),
    ...run("ttft_slower", "harmful", ttft({ harm: { factor: 1.25 }, seed: 6 })),
    ...run("ttft_tail", "harmful", ttft({ harm: { factor: 1, tailShare: 0.06, tailFactor: 3 }, seed: 7 })),
    ...run("ttft_shock", "harmless", ttft({ harm: { factor: 1 }, seed: 8, looks: 1, isShocked: true })),
    ...run("length_null", "harmless", lengths({ harm: { factor: 1 }, seed: 9 })),
    ...run("length_longer", "harmful", lengths({ harm: { factor: 1.2 }, seed: 10 })),
    ...run("all_metrics_null", "harmless", wholeCell({ runs, seed: 11, looks: 1, errorsTimes: 1 })),
    ...run("all_metrics_errors", "harmful", wholeCell({ runs, seed: 12, looks: 12, errorsTimes: 3 })),
    ...Object.keys(calmDays).flatMap((name, index) =>
      run(`day_${name}`, "harmless", calmDay(name, { runs, seed: 20 + index })),
    ),
    ...run("day_sticky", "harmless", stickyDay({ runs, seed: 30 })),
  ]);
};

type Numbers = Omit<Parameters<typeof numberCell>[0], "runs" | "kind" | "median" | "sigma">;

const ttft = (args: Numbers) => numberCell({ ...args, runs, kind: "quantiles", median: 600, sigma: 0.5 });
const lengths = (args: Numbers) => numberCell({ ...args, runs, kind: "mean", median: 400, sigma: 0.9 });

/** A rate that stays and one that triples; with Flagger at the limit that turns out to be the best of those that seldom err. */
const ratePair = (
  report: Report,
  { name, rate, seed }: { readonly name: string; readonly rate: number; readonly seed: number },
): readonly Figure[] => {
  const cell = (times: number): CellOutcomes =>
    runCell(rateCell({ runs, seed: seed + times, baseline: rate, candidate: times * rate }));
  const [harmless, harmful] = bestInHindsight(cell(1), cell(3));
  return [
    ...figuresOf(`${name}_null`, "harmless", told(report, `${name}_null`, harmless)),
    ...figuresOf(`${name}_tripled`, "harmful", told(report, `${name}_tripled`, harmful)),
  ];
};

const told = (report: Report, cell: string, outcomes: CellOutcomes): CellOutcomes => {
  report(cell);
  for (const [name, each] of outcomes) {
    const { rolledBack, upper, median, p90 } = tallyOf(each);
    report(`  ${name.padEnd(50)} ${percent(rolledBack)} (at most ${percent(upper)})  ${median} / ${p90}`);
  }
  return outcomes;
};

const percent = (share: number): string => `${(share * 100).toFixed(2).padStart(6)}%`;

/** Of a harmless rollout what is rolled back of all, of a harmful one how long it takes; what never comes has no figure. */
const figuresOf = (cell: string, kind: Kind, outcomes: CellOutcomes): readonly Figure[] =>
  [...outcomes].flatMap(([rule, each]) => {
    const { rolledBack, upper, median, p90 } = tallyOf(each);
    const name = `canary.${cell}.${wordsOf(rule)}`;
    const n = each.length;
    const isOurs = rule.startsWith(ours);
    if (kind === "harmless") {
      return [
        figureOf(`${name}.rolled_back`, { value: rolledBack, unit: "share", n }),
        ...(isOurs ? [figureOf(`${name}.rolled_back_upper`, { value: upper, unit: "share", n })] : []),
      ];
    }
    if (rule === judgeNames.invalid) {
      return [];
    }
    return [
      ...(Number.isFinite(median) ? [medianFigure(`${name}.median`, "requests", each)] : []),
      ...(Number.isFinite(p90) ? [figureOf(`${name}.p90`, { value: p90, unit: "requests", n })] : []),
    ];
  });

const wordsOf = (rule: string): string => rule.toLowerCase().replaceAll(/[^a-z0-9.]+/g, "_");
