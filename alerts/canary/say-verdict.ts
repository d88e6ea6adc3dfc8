import type { Effect } from "./effect.ts";
import type { Judgement, MetricJudgement } from "./judgement.ts";
import type { CanaryMetric } from "./metric.ts";
import type { CanaryPlan } from "./plan.ts";
import { logSampleRatioBound } from "./sample-shares.ts";

/** Tells a verdict to people: what was found, how sure it is, and what is still needed. */
export const sayVerdict = (plan: CanaryPlan, judged: Omit<Judgement, "says">): string => {
  const { stage, worst, needed } = judged;
  const units = `${plan.unit}s of the candidate`;
  const waits =
    needed === null ? `how many more ${units} are needed is not known yet` : `about ${needed} more ${units}`;
  switch (judged.reason) {
    case "harm":
      return `${sayWorst(worst)}; ${sayEvidence(judged)}`;
    case "small_effect":
      return `${sayWorst(worst)}, which is sure and below the least effect; ${sayEvidence(judged)}`;
    case "sample_ratio":
      return `the arms do not get their shares of ${plan.unit}s, so that they cannot be compared: evidence ${asNumber(judged.logSampleRatio)} of ${asNumber(logSampleRatioBound)}`;
    case "complete":
      return "all traffic goes to the candidate";
    case "shown":
      return `stage ${stage.name}: ${demandedNames(judged.metrics)} are shown to stay below ${stage.margin} times the baseline`;
    case "timeout":
      return `stage ${stage.name} is undecided after ${stage.timeoutMinutes} minutes: ${waits}`;
    case "undecided":
      return `stage ${stage.name}: ${waits} to show less than ${stage.margin} times the baseline${sayLacking(judged)}`;
    case "learning":
      return `stage ${stage.name}: ${waits}, for too little was seen of the baseline`;
  }
};

const sayWorst = (worst: MetricJudgement | null): string => {
  if (worst === null || worst.effect === null) {
    return "the candidate is worse";
  }
  const { metric, effect, candidate, baseline } = worst;
  if (effect.of === "wording") {
    const distance = short((effect.ratio ?? 1) - 1);
    return `${nameOf(metric)} is apart by ${distance} of its spread; ${candidate} against ${baseline}`;
  }
  const interval = `95% interval ${end(effect.low, "0")} to ${end(effect.high, "unbounded")}`;
  const ratio =
    effect.ratio === null ? "the baseline has none" : `${short(effect.ratio)} times the baseline, ${interval}`;
  return `${nameOf(metric)}${shares(metric, effect)}: ${ratio}; ${candidate} against ${baseline}`;
};

const sayEvidence = ({ logEvidence, logBound }: Pick<Judgement, "logEvidence" | "logBound">): string =>
  `evidence ${asNumber(logEvidence)} of ${asNumber(logBound)}`;

/** The must-pass metric that needs most. */
const sayLacking = ({ metrics }: Pick<Judgement, "metrics">): string => {
  const [most] = metrics
    .flatMap(({ metric, needed }) => (needed?.toPass ? [{ metric, toPass: needed.toPass }] : []))
    .toSorted((a, b) => b.toPass - a.toPass);
  return most === undefined ? "" : `, most of all for ${nameOf(most.metric)}`;
};

const shares = ({ unit }: CanaryMetric, { of, threshold, candidateShare, baselineShare }: Effect): string => {
  const of100 = `${percent(candidateShare)} against ${percent(baselineShare)}`;
  switch (of) {
    case "rate":
      return ` ${of100}`;
    case "above":
      return ` above ${short(threshold ?? 0)} ${unit}: ${of100}`;
    case "mean":
      return " mean";
    case "wording":
      return "";
  }
};

const demandedNames = (metrics: readonly MetricJudgement[]): string =>
  metrics
    .filter(({ metric }) => metric.mustPass)
    .map(({ metric }) => nameOf(metric))
    .join(", ");

const nameOf = ({ name }: CanaryMetric): string => name.replaceAll("_", " ");

const end = (value: number | null, otherwise: string): string => (value === null ? otherwise : short(value));

const short = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

const percent = (share: number | null): string => (share === null ? "-" : `${(share * 100).toFixed(1)}%`);

/** Evidence itself, of which the logarithm is kept; beyond a million only its size matters. */
const asNumber = (log: number): string =>
  log > Math.log(1e6) ? `10^${(log / Math.LN10).toFixed(0)}` : Number(Math.exp(log).toPrecision(3)).toString();
