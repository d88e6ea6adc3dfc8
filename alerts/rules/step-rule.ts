import type { Labels } from "../../core/alert.ts";
import { annotate } from "./annotate.ts";
import type { Answers } from "./answers.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { Judge, Reading } from "./judge-answers.ts";
import { isOverAtZero, judgeAnswers } from "./judge-answers.ts";
import type { Rule } from "./rule-schema.ts";
import type { Sample } from "./sample.ts";
import type { StepReason } from "./step-alert.ts";
import { stepAlert } from "./step-alert.ts";
import type { TrackedAlert } from "./tracked-alert.ts";
import { newAlert } from "./tracked-alert.ts";
import { unitOfRule } from "./value-unit.ts";

/** The alerts of a rule, by fingerprint. */
export type TrackedAlerts = ReadonlyMap<string, TrackedAlert>;

/** What a look at a rule made of its alerts. */
export interface RuleStep {
  readonly alerts: TrackedAlerts;
  /** Alerts that changed where they stand, and why. */
  readonly changes: readonly { readonly alert: TrackedAlert; readonly reason: StepReason }[];
  /** Series that were not looked at, since there were more than the limit. */
  readonly droppedSeries: number;
}

/** One look at a rule. */
export interface RuleLook {
  readonly rule: Rule;
  /** What the values are compared with: that of the rule, times the amount that it names. */
  readonly limit: number;
  readonly alerts: TrackedAlerts;
  readonly answers: Answers;
  readonly nowMs: number;
  readonly longestGapMs: number;
  readonly maxSeries: number;
}

/** Where the alerts of a rule stand after one more look: series that are seen, those that are gone, and nothing at all. */
export const stepRule = (look: RuleLook): RuleStep => {
  const { rule, limit } = look;
  const judge: Judge = { rule, limit, scale: unitOfRule(rule).scale };
  const { samples, droppedSeries } = samplesOf(look, judgeAnswers(judge, look.answers));
  const zero = isOverAtZero(judge);
  const known = new Map(look.alerts);
  const nothing = nothingSample({ look, isOverAtZero: zero, sees: samples.size > 0 });
  if (nothing !== null) {
    samples.set(nothing.fingerprint, nothing);
  }
  for (const { fingerprint, labels } of samples.values()) {
    known.set(fingerprint, known.get(fingerprint) ?? newAlert({ fingerprint, labels, nowMs: look.nowMs }));
  }
  const steps = [...known.values()].map((alert) => ({
    before: alert,
    ...stepAlert({ ...look, alert, sample: samples.get(alert.fingerprint)?.sample ?? null, isOverAtZero: zero }),
  }));
  return {
    alerts: new Map(steps.flatMap(({ alert }) => (alert === null ? [] : [[alert.fingerprint, alert] as const]))),
    changes: steps.flatMap(({ before, alert, reason }) =>
      isChange(reason) ? [{ alert: alert ?? before, reason }] : [],
    ),
    droppedSeries,
  };
};

interface SeriesSample {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly sample: Sample;
}

const samplesOf = (look: RuleLook, readings: readonly Reading[]) => {
  const { rule, limit, alerts, maxSeries } = look;
  const all = readings.map((reading): SeriesSample => {
    const labels = labelsOf(rule, reading.labels);
    const annotations = annotate({ rule, labels, limit, reading });
    const sample = { value: reading.value, isOver: reading.isOver, annotations };
    return { fingerprint: fingerprintOf(labels), labels, sample };
  });
  const rank = ({ fingerprint, sample }: SeriesSample): number =>
    (alerts.has(fingerprint) ? 2 : 0) + (sample.isOver ? 1 : 0);
  const kept = all.length <= maxSeries ? all : all.toSorted((a, b) => rank(b) - rank(a)).slice(0, maxSeries);
  return {
    samples: new Map(kept.map((series) => [series.fingerprint, series])),
    droppedSeries: all.length - kept.length,
  };
};

/**
 * The sample of a series without labels of its own that stands for "nothing at all", where the no-data policy makes something
 * of nothing: a rule must be able to fire when there is no series that could.
 */
const nothingSample = (args: {
  readonly look: RuleLook;
  readonly isOverAtZero: boolean;
  readonly sees: boolean;
}): SeriesSample | null => {
  const { look, sees } = args;
  const { rule, limit, alerts } = look;
  const labels = labelsOf(rule, {});
  const fingerprint = fingerprintOf(labels);
  const { policy } = rule.noData;
  const others = [...alerts.keys()].filter((known) => known !== fingerprint).length;
  const isNothing = !sees && others === 0;
  const counts = policy === "alert" || policy === "zero";
  if (!counts || (!isNothing && (rule.by.length === 0 || !alerts.has(fingerprint)))) {
    return null;
  }
  const isOver = isNothing && (policy === "alert" || args.isOverAtZero);
  const value = policy === "zero" && isNothing ? 0 : null;
  return {
    fingerprint,
    labels,
    sample: { value, isOver, annotations: annotate({ rule, labels, limit, reading: null }) },
  };
};

const labelsOf = (rule: Rule, series: Labels): Labels => ({ alertname: rule.name, ...rule.labels, ...series });

const isChange = (reason: StepReason): boolean => {
  switch (reason) {
    case "began":
    case "passed":
    case "fired":
    case "resolved":
    case "looked_away":
      return true;
    case "quiet":
    case "waits":
    case "fires":
    case "keeps_firing":
    case "told_resolved":
    case "forgotten":
      return false;
  }
};
