import type { ArmTally, Bins } from "../../core/arms.ts";
import { binGamma, zeroBin } from "../../stats/histogram/bin.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { histogramOf } from "../../stats/histogram/histogram.ts";
import { mergeHistograms } from "../../stats/histogram/merge-histograms.ts";
import type { ArmLook, Seen } from "../canary/look.ts";

/** Bins between nano-dollars and dollars, in which costs are told; the fraction of a bin that is lost is below 1%. */
const dollarShift = Math.round(Math.log(1e9) / Math.log(binGamma));

/**
 * What came of some targets of a route, as the judge of a canary takes it: a request is a unit. What was not measured is not there.
 * `isComparable` is false where what was begun in that time was shared out differently.
 */
export const armLook = (arms: readonly ArmTally[], isComparable: boolean): ArmLook => {
  const calls = sum(arms, ({ calls: n }) => n);
  const answerCost = histogram(arms, ({ answerCostNanos }) => inDollars(answerCostNanos));
  const otherCost = histogram(arms, ({ otherCostNanos }) => inDollars(otherCostNanos));
  const metrics: Record<string, Seen> = {
    errors: { n: calls, bad: sum(arms, ({ errors }) => errors) },
    rate_limited: { n: calls, bad: sum(arms, ({ rateLimited }) => rateLimited) },
    fallback: { n: calls, bad: sum(arms, ({ fallbacks }) => fallbacks) },
    ttft: histogram(arms, ({ ttftMs }) => ttftMs),
    duration: histogram(arms, ({ durationMs }) => durationMs),
    output_tokens: histogram(arms, ({ outputTokens }) => outputTokens),
    cost: plain(mergeHistograms([answerCost, otherCost])),
    cost_per_success: { succeeded: answerCost, failed: otherCost },
  };
  const measured = sum(arms, (arm) => arm.measured);
  const seen: Readonly<Record<string, { readonly n: number; readonly bad: number }>> = {
    refusals: { n: measured, bad: sum(arms, ({ refusals }) => refusals) },
    malformed: { n: measured, bad: sum(arms, ({ malformed }) => malformed) },
    bad_feedback: { n: sum(arms, ({ rated }) => rated), bad: sum(arms, ({ badRated }) => badRated) },
  };
  for (const [name, rate] of Object.entries(seen)) {
    // A unit may come in one look and be bad in a later one.
    if (rate.n > 0 || rate.bad > 0) metrics[name] = rate;
  }
  const embedded = arms.flatMap((arm) => arm.embedded ?? []);
  if (embedded.length > 0) {
    metrics["embedding"] = embedded.map((one) => ({ ...one, sum: [...one.sum] })).reduce(joined);
  }
  return { assigned: isComparable ? sum(arms, ({ started }) => started) : 0, metrics };
};

const joined = (one: Embedded, two: Embedded): Embedded => ({
  count: one.count + two.count,
  sum: one.sum.map((value, place) => value + (two.sum[place] ?? 0)),
  squaredNorms: one.squaredNorms + two.squaredNorms,
});

type Embedded = Extract<Seen, { readonly squaredNorms: number }>;

const sum = (arms: readonly ArmTally[], of: (arm: ArmTally) => number): number =>
  arms.reduce((total, arm) => total + of(arm), 0);

const histogram = (arms: readonly ArmTally[], of: (arm: ArmTally) => Bins): { bins: number[]; counts: number[] } =>
  plain(mergeHistograms(arms.map((arm) => histogramOf(of(arm)))));

const plain = ({ bins, counts }: Histogram): { bins: number[]; counts: number[] } => ({
  bins: [...bins],
  counts: [...counts],
});

/** Bins are powers of one number, so that another unit is a shift: no value moves against another. */
const inDollars = (bins: Bins): Bins =>
  new Map([...bins].map(([bin, count]) => [bin === zeroBin ? bin : bin - dollarShift, count]));
