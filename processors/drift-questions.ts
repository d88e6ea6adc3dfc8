import { quantileBin } from "../stats/histogram/histogram-quantile.ts";
import type { Values } from "./drift-series.ts";
import { binned } from "./drift-series.ts";

/** Shares of the baseline that lie at or below the bins which are asked about. */
const levels = [0.5, 0.75, 0.9, 0.95, 0.99] as const;

/** Categories that are rarer than the others together are asked about as one. */
const maxCategories = 8;

/** Stands for every category that has no question of its own. */
const others = "";

/**
 * The yes-or-no questions in which a series is compared: for numbers whether a value lies above a quantile of the sample, for
 * categories whether it is one of them. The sample takes no further part in the comparison, so that what is asked does not
 * depend on what is compared.
 */
export const questionsOf = (sample: Values, isCategory: boolean): readonly string[] => {
  if (isCategory) {
    const byCount = Object.entries(sample).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return [...byCount.slice(0, maxCategories).map(([category]) => category), others];
  }
  const histogram = binned(sample);
  const { bins } = histogram;
  const asked = levels.map((level) => quantileBin(histogram, level));
  // Nothing of the sample lies above its highest bin: whether something does would hardly tell one value from another.
  const telling = [...new Set(asked)].filter((bin) => bin !== null && bin !== bins.at(-1));
  return (telling.length === 0 ? bins.slice(0, 1) : telling).map(String);
};

/** How many of the values answer a question with yes. */
export const yesTo = (
  values: Values,
  ask: { readonly question: string; readonly questions: readonly string[]; readonly isCategory: boolean },
): number => {
  const { question, questions, isCategory } = ask;
  if (!isCategory) {
    const bin = Number(question);
    return countWhere(values, (value) => Number(value) > bin);
  }
  return question === others
    ? countWhere(values, (category) => !questions.includes(category))
    : (values[question] ?? 0);
};

const countWhere = (values: Values, isYes: (value: string) => boolean): number => {
  let total = 0;
  for (const value in values) {
    total += isYes(value) ? (values[value] ?? 0) : 0;
  }
  return total;
};
