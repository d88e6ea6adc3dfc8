import type { PairResult } from "./judge-pair.ts";
import { judgePair } from "./judge-pair.ts";
import type { JudgedMetric, JudgeRequest, MetricPair } from "./remote-judge.ts";

interface Judged {
  readonly pair: MetricPair;
  readonly metric: JudgedMetric;
  readonly result: PairResult;
}

const judgeName = "plumbline-e-process";

/**
 * Judges series of metrics as Kayenta's remote judge. A group's score is the share of its metrics that pass, of those with data; the
 * whole score is the mean of the groups by their weights, and 0 when a critical metric fails or half of the metrics have no data.
 */
export const judgePairs = ({ canaryConfig, scoreThresholds, metricSetPairList }: JudgeRequest) => {
  const known = metricSetPairList.flatMap((pair) => {
    const metric = canaryConfig.metrics.find(({ name }) => name === pair.name);
    return metric === undefined ? [] : [{ pair, metric }];
  });
  const judged = known.map(({ pair, metric }) => ({ pair, metric, result: judgePair(pair, metric, known.length) }));
  const groups = groupScoresOf(judged);
  const { score, reason } = scoreOf(judged, groups, canaryConfig.classifier.groupWeights);
  const classification =
    score >= scoreThresholds.pass ? "Pass" : score >= scoreThresholds.marginal ? "Marginal" : "Fail";
  return {
    judgeName,
    results: judged.map(resultOf),
    groupScores: groups.map(({ name, score: own }) => ({
      name,
      score: own,
      classification: own >= scoreThresholds.pass ? "Pass" : "Fail",
      classificationReason: "",
    })),
    score: { score, classification, classificationReason: reason },
  };
};

const resultOf = ({ pair, metric, result }: Judged) => ({
  name: pair.name,
  id: pair.id,
  tags: pair.tags,
  groups: metric.groups,
  classification: result.classification,
  classificationReason: result.reason,
  critical: metric.analysisConfigurations.canary.critical,
  experimentMetadata: { stats: { count: result.points } },
  controlMetadata: { stats: { count: result.points } },
  resultMetadata: { ratio: result.ratio },
});

interface GroupScore {
  readonly name: string;
  /** From 0 to 100; 100 where no metric has data. */
  readonly score: number;
}

const groupScoresOf = (judged: readonly Judged[]): readonly GroupScore[] => {
  const names = new Set(judged.flatMap(({ metric }) => (metric.groups.length === 0 ? [""] : metric.groups)));
  return [...names].map((name) => {
    const own = judged.filter(
      ({ metric }) => metric.groups.includes(name) || (name === "" && metric.groups.length === 0),
    );
    const counted = own.filter(({ result }) => result.classification !== "Nodata");
    const passed = counted.filter(({ result }) => result.classification === "Pass");
    return { name, score: counted.length === 0 ? 100 : (100 * passed.length) / counted.length };
  });
};

const scoreOf = (
  judged: readonly Judged[],
  groups: readonly GroupScore[],
  groupWeights: Readonly<Record<string, number>>,
): { readonly score: number; readonly reason: string } => {
  const critical = judged.find(isCriticalFailure);
  if (critical !== undefined) {
    return { score: 0, reason: `the critical metric ${critical.pair.name} failed: ${critical.result.reason}` };
  }
  const silent = judged.filter(({ result }) => result.classification === "Nodata").length;
  if (silent * 2 >= judged.length) {
    return { score: 0, reason: `${silent} of ${judged.length} metrics have no data` };
  }
  const weights = new Map(Object.entries(groupWeights));
  const weighed = groups.map(({ name, score }) => ({
    score,
    weight: weights.get(name) ?? (weights.size === 0 ? 1 : 0),
  }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const score = total === 0 ? 0 : weighed.reduce((sum, one) => sum + one.score * one.weight, 0) / total;
  return { score, reason: `${judged.length} metrics were judged` };
};

/** Also one that must have data and has none. */
const isCriticalFailure = ({ metric, result }: Judged): boolean => {
  const { critical, mustHaveData } = metric.analysisConfigurations.canary;
  const isSilent = result.classification === "Nodata";
  return isSilent ? critical || mustHaveData : critical && result.classification !== "Pass";
};
