import type { ArmLook, Seen } from "../../alerts/canary/look.ts";
import type { Random } from "../../core/random.ts";
import { binOf, binValue } from "../../stats/histogram/bin.ts";
import { normalShare } from "../../stats/special/normal.ts";
import { drawBinomial, placesOf } from "./draws.ts";
import type { Span } from "./judged.ts";
import type { NumberCounts, RateCounts } from "./rule.ts";
import type { Minute } from "./run-cell.ts";

/** Traffic of a minute. */
export interface Setting {
  readonly requests: number;
  readonly share: number;
  /** Looks of the judge in a minute. */
  readonly looks: number;
  /** Whether a rule asks for a baseline of the candidate's size. */
  readonly hasTwin?: boolean;
  /** Bins by which all values lie higher than they would: a common shock. */
  readonly shift?: number;
}

/** 2,000 requests a minute, 5% of them the candidate's, a look every 5 seconds. */
export const usual: Setting = { requests: 2_000, share: 0.05, looks: 12 };

const arm = (name: string, seen: Seen, assigned: number): ArmLook => ({ assigned, metrics: { [name]: seen } });

/** Requests of one look: they add up to those of the minute. */
const requestsOf = ({ requests, looks }: Setting, look: number): number =>
  Math.floor((requests * (look + 1)) / looks) - Math.floor((requests * look) / looks);

/** A minute in which requests are bad at the rates of their arms. */
export const rateMinute = (
  random: Random,
  setting: Setting,
  rates: { readonly candidate: number; readonly baseline: number },
): Minute<RateCounts> => {
  const counts = { candidate: 0, candidateBad: 0, baseline: 0, baselineBad: 0 };
  const spans: Span[] = [];
  const requests: number[] = [];
  for (let look = 0; look < setting.looks; look += 1) {
    const all = requestsOf(setting, look);
    const candidate = drawBinomial(random, all, setting.share);
    const candidateBad = drawBinomial(random, candidate, rates.candidate);
    const baselineBad = drawBinomial(random, all - candidate, rates.baseline);
    counts.candidate += candidate;
    counts.candidateBad += candidateBad;
    counts.baseline += all - candidate;
    counts.baselineBad += baselineBad;
    requests.push(candidate);
    spans.push({
      share: setting.share,
      candidate: arm("rate", { n: candidate, bad: candidateBad }, candidate),
      baseline: arm("rate", { n: all - candidate, bad: baselineBad }, all - candidate),
    });
  }
  return { spans, requests, counts: { ...counts, twinBad: drawBinomial(random, counts.candidate, rates.baseline) } };
};

/** A part of a distribution: lognormal around a median. */
interface Lognormal {
  readonly weight: number;
  readonly median: number;
  readonly sigma: number;
}

/** Bins from `lowest` on, with what stands in them. */
export interface Bins {
  readonly lowest: number;
  readonly values: readonly number[];
}

/** Bins that hold all but a millionth of the distributions. */
export const binsFor = (parts: readonly Lognormal[]): Bins => {
  const lowest = Math.min(...parts.map(({ median, sigma }) => binOf(median * Math.exp(-5 * sigma))));
  const highest = Math.max(...parts.map(({ median, sigma }) => binOf(median * Math.exp(5 * sigma))));
  return { lowest, values: Array.from({ length: highest - lowest + 1 }, (_, place) => binValue(lowest + place)) };
};

/** The probability of each bin. */
export const weightsOf = ({ lowest, values }: Bins, parts: readonly Lognormal[]): readonly number[] =>
  values.map((_, place) =>
    parts.reduce((sum, { weight, median, sigma }) => {
      const below = (bin: number): number => normalShare((bin * Math.log(1.02) - Math.log(median)) / sigma);
      return sum + weight * Math.max(0, below(lowest + place) - below(lowest + place - 1));
    }, 0),
  );

/** Makes minutes in which values have the distributions of their arms. */
export const numberMinutes = (
  bins: Bins,
  weights: { readonly candidate: readonly number[]; readonly baseline: readonly number[] },
): ((random: Random, setting: Setting) => Minute<NumberCounts>) => {
  const drawCandidate = placesOf(weights.candidate);
  const drawBaseline = placesOf(weights.baseline);
  return (random, setting) => {
    const empty = (): Int32Array => new Int32Array(bins.values.length);
    const counts = { candidate: empty(), baseline: empty(), twin: empty() };
    const spans: Span[] = [];
    const requests: number[] = [];
    for (let look = 0; look < setting.looks; look += 1) {
      const all = requestsOf(setting, look);
      const n = drawBinomial(random, all, setting.share);
      const candidate = drawn(n, () => drawCandidate(random), counts.candidate);
      const baseline = drawn(all - n, () => drawBaseline(random), counts.baseline);
      if (setting.hasTwin === true) drawn(n, () => drawBaseline(random), counts.twin);
      requests.push(n);
      spans.push({
        share: setting.share,
        candidate: arm("number", histogramAt(candidate, bins.lowest + (setting.shift ?? 0)), n),
        baseline: arm("number", histogramAt(baseline, bins.lowest + (setting.shift ?? 0)), all - n),
      });
    }
    return { spans, requests, counts };
  };
};

/** Draws places, counts them with the minute's, and gives them in order. */
const drawn = (n: number, draw: () => number, counts: Int32Array): Int32Array => {
  const places = new Int32Array(n);
  for (let index = 0; index < n; index += 1) {
    const place = draw();
    places[index] = place;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return places.sort();
};

const histogramAt = (places: Int32Array, lowest: number): { bins: number[]; counts: number[] } => {
  const bins: number[] = [];
  const counts: number[] = [];
  let last = -1;
  for (const place of places) {
    if (place === last) {
      counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    } else {
      bins.push(lowest + place);
      counts.push(1);
      last = place;
    }
  }
  return { bins, counts };
};
