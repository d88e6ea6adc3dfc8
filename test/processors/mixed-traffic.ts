import type { Finding } from "../../core/evidence.ts";
import { stepTogether } from "../../processors/detect-drift.ts";
import type { DriftConfig } from "../../processors/drift-config.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import type { SeenMinute } from "../../processors/drift-series.ts";
import type { DriftState } from "../../processors/drift-state.ts";
import { binOf, zeroBin } from "../../stats/histogram/bin.ts";

/** Shares of three kinds of input. */
export type Mix = readonly [number, number, number];

/** What answers are like beside the kind of their input: factors of their length and of the rate of refusals. */
export interface Behaviour {
  readonly length: number;
  readonly refusals: number;
}

/** A time of traffic. */
export interface Traffic extends Behaviour {
  readonly mix: Mix;
  readonly minutes: number;
}

/** Median length of the answer, rate of refusals and median length of the question of each kind. */
const kinds = [
  { tokens: 50, refusals: 0.3, asked: 20 },
  { tokens: 200, refusals: 0.05, asked: 100 },
  { tokens: 800, refusals: 0.01, asked: 1_000 },
] as const;
const perMinute = 20;
const deviation = 0.3;

/**
 * Findings of simulated answers whose length and refusals depend on the kind of the question, with the minutes from the beginning
 * of the last time on; a seed alone decides them. Without strata the detector does not know of what kind a question was.
 */
export const watchMixed = (args: {
  readonly seed: string;
  readonly times: readonly Traffic[];
  readonly config: DriftConfig;
  readonly knowsStrata: boolean;
}): readonly (Finding & { readonly minute: number })[] => {
  const random = randomFrom(args.seed);
  const states = new Map<string, DriftState>();
  const found: (Finding & { readonly minute: number })[] = [];
  const last = args.times.slice(0, -1).reduce((sum, { minutes }) => sum + minutes, 0);
  let minute = 0;
  for (const time of args.times) {
    for (let end = minute + time.minutes; minute < end; minute += 1) {
      const seen = minuteOf(time, { random, minuteMs: minute * 60_000, knowsStrata: args.knowsStrata });
      const context = { config: args.config, families: 1, predecessor: null };
      const inputs = seen.map((one) => ({ before: states.get(one.measure) ?? null, minute: one, context }));
      for (const { state, evidence, finding } of stepTogether(inputs)) {
        states.set(evidence.measure, state);
        found.push(...(finding === null ? [] : [{ ...finding, minute: minute - last }]));
      }
    }
  }
  return found;
};

const minuteOf = (
  { mix, length, refusals }: Traffic,
  args: { readonly random: () => number; readonly minuteMs: number; readonly knowsStrata: boolean },
): readonly SeenMinute[] => {
  const { random, minuteMs, knowsStrata } = args;
  const series = new Map<string, SeenMinute>();
  const add = (measure: string, kind: number, value: number): void => {
    series.set(measure, withValue(series.get(measure) ?? emptyMinute(measure, minuteMs), { kind, value, knowsStrata }));
  };
  for (let call = 0; call < perMinute; call += 1) {
    const kind = drawKind(mix, random());
    const { tokens, refusals: rate, asked } = kinds[kind];
    add("answer_tokens@1", kind, tokens * length * lognormal(random));
    add("answer_refusal_score@1", kind, random() < rate * refusals ? 1 : 0);
    add("input_characters@1", kind, asked * lognormal(random));
  }
  return [...series.values()];
};

const drawKind = ([first, second]: Mix, draw: number): 0 | 1 | 2 => {
  if (draw < first) {
    return 0;
  }
  return draw < first + second ? 1 : 2;
};

const lognormal = (random: () => number): number =>
  Math.exp(deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

const emptyMinute = (measure: string, minuteMs: number): SeenMinute => ({
  ...{ tenant: "acme", route: "chat", variant: "up", model: "gpt-4-0613", prompt: "" },
  ...{ measure, minuteMs, isCategory: false, n: 0, sum: 0, values: {}, strata: {} },
});

const withValue = (
  seen: SeenMinute,
  { kind, value, knowsStrata }: { readonly kind: number; readonly value: number; readonly knowsStrata: boolean },
): SeenMinute => {
  const bin = binOf(value);
  // As the store keeps them: a quarter as fine.
  const inStratum = `${kind}:${bin === zeroBin ? bin : Math.floor((bin + 2) / 4) * 4}`;
  const isOfAnswer = seen.measure.startsWith("answer_");
  return {
    ...seen,
    n: seen.n + 1,
    sum: seen.sum + value,
    values: { ...seen.values, [bin]: (seen.values[bin] ?? 0) + 1 },
    strata:
      isOfAnswer && knowsStrata ? { ...seen.strata, [inStratum]: (seen.strata[inStratum] ?? 0) + 1 } : seen.strata,
  };
};
