import type { Labels } from "../../core/alert.ts";
import type { AnswerRow } from "../../store/store.ts";
import type { Answers, BurnAnswers } from "./answers.ts";
import type { Share } from "./compare.ts";
import { isBeyond, isWorse, nearBound } from "./compare.ts";
import type { BurnRate, Threshold } from "./condition-schema.ts";
import { readNumber } from "./read-number.ts";
import type { Rule } from "./rule-schema.ts";
import type { SeriesRows } from "./series-of.ts";
import { seriesOf } from "./series-of.ts";

/** What the answers say of one series. */
export interface Reading {
  /** The labels that the series has of its rows. */
  readonly labels: Labels;
  readonly value: number;
  readonly isOver: boolean;
  /** The row that the value is of; of several the first. */
  readonly row: AnswerRow;
}

/** A rule with the limit that its values are compared with, and how many of a column's units make one of the limit's. */
export interface Judge {
  readonly rule: Pick<Rule, "by" | "condition">;
  readonly limit: number;
  readonly scale: number;
}

/** Compares every series of the answers with the rule's condition; a series without a value is left out. */
export const judgeAnswers = (judge: Judge, answers: Answers): readonly Reading[] => {
  const { condition, by } = judge.rule;
  if (condition.kind === "threshold" && answers.kind === "threshold") {
    const before = seriesOf(answers.before, by);
    return [...seriesOf(answers.now, by)].flatMap(([key, series]) => {
      const reading = compareSeries(series, before.get(key), { ...judge, condition });
      return reading === null ? [] : [{ ...reading, labels: series.labels }];
    });
  }
  if (condition.kind === "burn_rate" && answers.kind === "burn_rate") {
    return burnReadings(condition, by, answers.pairs);
  }
  throw new TypeError(`answers of a ${answers.kind} for a ${condition.kind}`);
};

/** Whether a rule's condition holds where everything is 0. */
export const isOverAtZero = ({ rule: { condition }, limit }: Judge): boolean =>
  condition.kind === "threshold" && isBeyond(0, condition.op, limit);

type Compared = Omit<Reading, "labels">;
interface ThresholdJudge {
  readonly condition: Threshold;
  readonly limit: number;
  readonly scale: number;
}

const compareSeries = (
  { rows }: SeriesRows,
  before: SeriesRows | undefined,
  { condition, limit, scale }: ThresholdJudge,
): Compared | null => {
  const { column, share, versus, op } = condition;
  const enough = rows.filter((row) => hasLeast(row, condition));
  const [first] = enough;
  if (share !== undefined && first !== undefined) {
    const counted = sumShare(enough, share.of, share.among);
    const value = counted.some / counted.all;
    return counted.all === 0 ? null : { value, isOver: isBeyond(nearBound(counted, op), op, limit), row: first };
  }
  const worst = worstRow(enough, column ?? "", op);
  if (worst === null || versus === undefined) {
    return worst === null ? null : overLimit({ ...worst, value: worst.value / scale }, op, limit);
  }
  const earlier = worstRow(
    (before?.rows ?? []).filter((row) => hasLeast(row, condition)),
    column ?? "",
    op,
  );
  const isKnown = earlier !== null && earlier.value !== 0;
  return isKnown ? overLimit({ ...worst, value: worst.value / earlier.value }, op, limit) : null;
};

const overLimit = (found: Omit<Compared, "isOver">, op: Threshold["op"], limit: number): Compared => ({
  ...found,
  isOver: isBeyond(found.value, op, limit),
});

const hasLeast = (row: AnswerRow, { least }: Threshold): boolean =>
  least === undefined || (readNumber(row, least.column) ?? 0) >= least.count;

/** The row whose value is farthest on the side of the operator; null when none has a value. */
const worstRow = (rows: readonly AnswerRow[], column: string, op: Threshold["op"]): Omit<Compared, "isOver"> | null => {
  let worst: Omit<Compared, "isOver"> | null = null;
  for (const row of rows) {
    const value = readNumber(row, column);
    if (value !== null && (worst === null || isWorse(value, worst.value, op))) {
      worst = { value, row };
    }
  }
  return worst;
};

const sumShare = (rows: readonly AnswerRow[], some: string, all: string): Share => ({
  some: rows.reduce((sum, row) => sum + (readNumber(row, some) ?? 0), 0),
  all: rows.reduce((sum, row) => sum + (readNumber(row, all) ?? 0), 0),
});

/** The fastest burn of each series, over all pairs of windows; those that make the alert before those that do not. */
const burnReadings = (
  condition: BurnRate,
  by: readonly string[],
  pairs: readonly BurnAnswers[],
): readonly Reading[] => {
  const found = new Map<string, Reading>();
  for (const [index, { factor }] of condition.windows.entries()) {
    const pair = pairs[index] ?? { long: [], short: [] };
    const shortSeries = seriesOf(pair.short, by);
    for (const [key, series] of seriesOf(pair.long, by)) {
      const reading = burnOf({ series, short: shortSeries.get(key), condition, factor });
      const known = found.get(key);
      if (reading !== null && (known === undefined || isFaster(reading, known))) {
        found.set(key, { ...reading, labels: series.labels });
      }
    }
  }
  return [...found.values()];
};

const isFaster = (reading: Compared, known: Compared): boolean =>
  reading.isOver === known.isOver ? reading.value > known.value : reading.isOver;

const burnOf = (args: {
  readonly series: SeriesRows;
  readonly short: SeriesRows | undefined;
  readonly condition: BurnRate;
  readonly factor: number;
}): Compared | null => {
  const { series, short, condition, factor } = args;
  const budget = 1 - condition.objective;
  const long = sumShare(series.rows, condition.bad, condition.all);
  const recent = sumShare(short?.rows ?? [], condition.bad, condition.all);
  const [row] = series.rows;
  if (long.all === 0 || row === undefined) {
    return null;
  }
  const isRecent = recent.all > 0 && recent.some / recent.all > factor * budget;
  const isOver = isRecent && nearBound(long, ">") > factor * budget;
  return { value: long.some / long.all / budget, isOver, row };
};
