import { z } from "zod";
import type { Figure } from "./figure.ts";

/** The committed baseline: figures of one machine, with what they were measured on. */
export const baselineShape = z.strictObject({
  machine: z.string(),
  node: z.string(),
  figures: z.array(
    z.strictObject({ name: z.string(), value: z.number(), unit: z.string(), n: z.int(), at: z.string() }),
  ),
});

/** The committed baseline. */
export type Baseline = z.infer<typeof baselineShape>;

/** How a figure stands against its baseline. */
export interface Comparison {
  readonly name: string;
  readonly value: number;
  readonly baseline: number;
  readonly isWorse: boolean;
}

/** Units in which more is better; in every other unit less is. */
const moreIsBetter: ReadonlySet<string> = new Set([
  ...["calls/s", "answers/s", "inputs/s", "ratio", "MB/s"],
  ...["requests/alarm", "series/minute", "share of runs"],
]);

const leastThroughput = 0.85;
const mostTime = 1.2;

/** Compares figures with the baseline by name: worse is below 0.85 of a throughput or above 1.2 of a time or size. */
export const compare = (figures: readonly Figure[], baseline: Baseline): readonly Comparison[] =>
  figures.flatMap(({ name, value, unit }) => {
    const before = baseline.figures.find((figure) => figure.name === name);
    if (before === undefined) {
      return [];
    }
    const isWorse = moreIsBetter.has(unit) ? value < before.value * leastThroughput : value > before.value * mostTime;
    return [{ name, value, baseline: before.value, isWorse }];
  });

/** The baseline with the figures in place of those of the same names. */
export const record = (baseline: Baseline, figures: readonly Figure[]): Baseline => {
  const names = new Set(figures.map(({ name }) => name));
  const kept = baseline.figures.filter(({ name }) => !names.has(name));
  return { ...baseline, figures: [...kept, ...figures].sort((a, b) => a.name.localeCompare(b.name)) };
};
