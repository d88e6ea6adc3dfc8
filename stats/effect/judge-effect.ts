import { requirePositive } from "../special/require-number.ts";

/** Effects of one series as far as they are known; null or absent is not known. */
export interface Effects {
  /** Lower end of the confidence sequence of the ratio of rates. */
  readonly rateRatioLow?: number | null;
  /** Upper end of it: a rate that fell is an effect too. Absent where only harm counts. */
  readonly rateRatioHigh?: number | null;
  /** Relative shift of a quantile. */
  readonly quantileShift?: number | null;
  /** Wasserstein-1 distance in standard deviations of the reference. */
  readonly wassersteinInDeviations?: number | null;
  /** Population stability index beyond its noise. */
  readonly psiBeyondNoise?: number | null;
}

/** From where on an effect is worth a person's attention. */
export interface EffectLimits {
  /** Above 1; a rate that fell counts below its inverse. */
  readonly rateRatio: number;
  readonly quantileShift: number;
  readonly wassersteinInDeviations: number;
  readonly psiBeyondNoise: number;
}

/** Limits of the second key unless configured otherwise. */
export const effectLimits: EffectLimits = {
  rateRatio: 1.25,
  quantileShift: 0.1,
  wassersteinInDeviations: 0.1,
  psiBeyondNoise: 0.1,
};

/** Whether the second of the two keys turns, and what turned it. */
export interface EffectVerdict {
  readonly isLarge: boolean;
  readonly reason: string;
}

/** Test K: judges whether a difference is large, whatever the evidence for it is. An effect that is not known turns no key. */
export const judgeEffect = (effects: Effects, limits: EffectLimits = effectLimits): EffectVerdict => {
  const large = keys(limits).filter(({ value, isLarge }) => {
    const effect = value(effects) ?? null;
    if (Number.isNaN(effect)) {
      throw new TypeError("an effect is not a number");
    }
    return effect !== null && isLarge(effect);
  });
  return large.length > 0
    ? { isLarge: true, reason: large.map(({ name, value }) => `${name} ${inShort(value(effects))}`).join(", ") }
    : { isLarge: false, reason: "no effect is above its limit" };
};

interface Key {
  readonly name: string;
  readonly value: (effects: Effects) => number | null | undefined;
  readonly isLarge: (effect: number) => boolean;
}

const keys = (limits: EffectLimits): readonly Key[] => {
  const ratio = requirePositive("the limit of the rate ratio", limits.rateRatio);
  return [
    { name: "rate ratio at least", value: ({ rateRatioLow }) => rateRatioLow, isLarge: (low) => low > ratio },
    { name: "rate ratio at most", value: ({ rateRatioHigh }) => rateRatioHigh, isLarge: (high) => high < 1 / ratio },
    {
      name: "quantile shift",
      value: ({ quantileShift }) => quantileShift,
      isLarge: (shift) => Math.abs(shift) > limits.quantileShift,
    },
    {
      name: "Wasserstein distance in deviations",
      value: ({ wassersteinInDeviations }) => wassersteinInDeviations,
      isLarge: (distance) => distance > limits.wassersteinInDeviations,
    },
    {
      name: "stability index beyond noise",
      value: ({ psiBeyondNoise }) => psiBeyondNoise,
      isLarge: (distance) => distance > limits.psiBeyondNoise,
    },
  ];
};

const inShort = (value: number | null | undefined): string => String(Number((value ?? 0).toPrecision(3)));
