import { availableParallelism } from "node:os";
import type { Figure } from "../figure.ts";
import { figureOf, medianFigure } from "../figure.ts";
import type { CellResult } from "./canary-jobs.ts";
import { lookCost } from "./look-cost.ts";
import { judgeNames } from "./run-cell.ts";
import { runJobs } from "./run-jobs.ts";
import { tallyOf } from "./tally.ts";

const runs = 2_000;
/** How the names of our own rules begin; the bounds of others are not figures of ours. */
const ours = "judge";

type Report = (text: string) => void;

/**
 * Simulates rollouts, harmless and harmful, and tells for our judge and for the rules of others how often they roll back and after
 * how many requests of the candidate. All see the same traffic: 2,000 requests a minute, 5% of them the candidate's; we look every 5
 * seconds, the others every minute. There is a thread for each core; the time of a look is measured before, with nothing beside it.
 */
export const benchCanary = async (report: Report): Promise<readonly Figure[]> => {
  const cost = lookCost();
  const threads = availableParallelism();
  const results = await runJobs({ runs, threads, onDone: ({ name }) => report(`${name} is done`) });
  for (const result of results) tell(report, result);
  return [cost, ...results.flatMap(figuresOf)];
};

const tell = (report: Report, { name: cell, outcomes }: CellResult): void => {
  report(cell);
  for (const [name, each] of outcomes) {
    const { rolledBack, upper, median, p90 } = tallyOf(each);
    report(`  ${name.padEnd(50)} ${percent(rolledBack)} (at most ${percent(upper)})  ${median} / ${p90}`);
  }
};

const percent = (share: number): string => `${(share * 100).toFixed(2).padStart(6)}%`;

/** Of a harmless rollout what is rolled back of all, of a harmful one how long it takes; what never comes has no figure. */
const figuresOf = ({ name: cell, kind, outcomes }: CellResult): readonly Figure[] =>
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
