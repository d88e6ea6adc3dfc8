import { answerMeasures, inputMeasures } from "../core/measures.ts";
import { horizonBudget } from "../stats/evidence/horizon-budget.ts";

/** Passes that a series can have in a week: a pass takes a quarter of an hour at least. */
const passesPerWeek = 672;
/** Hours of a week, each of which is held against those of the weeks before. */
const hoursPerWeek = 168;
/** Shares of the false alarms of a week: of new versions, of passes over own baselines, and of hours against hours of the week. */
const versionShare = 0.3;
const ownShare = 0.5;
const seasonShare = 0.2;
/** However few routes there are, one new version spends no more of a week's false alarms. */
const mostOfVersion = 0.05;

/** What callers notice first, in the measures that tell it: each of these has a quarter of what the measures of a model may spend. */
const first: readonly (readonly string[])[] = [
  ["answer_tokens"],
  ["answer_refusal_class", "answer_refusal_score"],
  [
    ...["answer_short_answer", "answer_code_fence", "answer_json_valid"],
    ...["answer_tool_arguments_valid", "answer_finish_reason", "answer_language"],
  ],
];

/** Models of an embeddings endpoint by which one process compares answers, each a measure of its own, at most. */
export const mostEmbeddingModels = 4;

/** Hashes are compared nowhere and spend nothing; all other measures share the last quarter. */
const others =
  [...Object.values(answerMeasures), ...Object.values(inputMeasures)].filter(({ kind }) => kind !== "hash").length +
  mostEmbeddingModels -
  first.flat().length;

/** Of what a measure of answers may spend, the share for comparing it within strata of the input, where that is done. */
const withinShare = 0.05;

const lookShare = (measure: string, isWithin: boolean): number => {
  const share = isWithin ? withinShare : 1 - withinShare;
  return measure.startsWith("answer_") ? share : 1;
};

/** Share of a model's false alarms that a measure may spend. Over all measures it is at most 1. */
const shareOf = (measure: string): number => {
  const name = measure.replace(/@\d+$/, "");
  const concern = first.find((names) => names.includes(name));
  return 1 / (first.length + 1) / (concern?.length ?? others);
};

/**
 * The natural logarithm of the evidence that makes an alarm of one measure, so that all alarms of all models on all routes stay
 * within the budget. The first pass of a new version against the one before has a budget of its own, since it comes once.
 */
export const logBoundOf = (args: {
  readonly measure: string;
  /** Models on routes that are watched. */
  readonly families: number;
  readonly falseAlarmsPerWeek: number;
  readonly isOfVersion: boolean;
  /** Whether answers to the same inputs are compared, which has a budget of its own. */
  readonly isWithin: boolean;
}): number => {
  const { measure, families, falseAlarmsPerWeek } = args;
  const bound = args.isOfVersion
    ? Math.max(
        horizonBudget({ series: families, buckets: 1, falseAlarms: falseAlarmsPerWeek * versionShare }),
        1 / Math.min(1, falseAlarmsPerWeek * mostOfVersion),
      )
    : horizonBudget({
        series: families,
        buckets: passesPerWeek,
        falseAlarms: falseAlarmsPerWeek * ownShare,
      });
  return Math.log(bound / (shareOf(measure) * lookShare(measure, args.isWithin)));
};

/** The same for hours that are held against the same hours of the weeks before (test I). */
export const logSeasonBoundOf = (args: {
  readonly measure: string;
  /** Models on routes that are watched. */
  readonly families: number;
  readonly falseAlarmsPerWeek: number;
}): number => {
  const { measure, families, falseAlarmsPerWeek } = args;
  const falseAlarms = falseAlarmsPerWeek * seasonShare;
  return Math.log(horizonBudget({ series: families, buckets: hoursPerWeek, falseAlarms }) / shareOf(measure));
};
