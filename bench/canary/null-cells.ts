import { judged } from "./judged.ts";
import { ratePlan } from "./rate-cells.ts";
import { flagger } from "./rate-rules.ts";
import type { RateCounts, Rule } from "./rule.ts";
import type { Cell } from "./run-cell.ts";
import { rateMinute, usual } from "./traffic.ts";

const day = 24 * 60;
const rate = 0.01;

/** A minute of a day on which neither arm is worse. */
interface CalmMinute {
  readonly requests: number;
  readonly share: number;
  readonly rate: number;
}

const dayCycle = (minute: number): number => 1 + 0.5 * Math.sin((2 * Math.PI * minute) / day);

/** Days on which nothing is wrong with the candidate, by what happens to both arms. */
export const calmDays: Readonly<Record<string, (minute: number) => CalmMinute>> = {
  steady: () => ({ ...usual, rate }),
  seasonal: (minute) => ({
    ...usual,
    requests: Math.round(usual.requests * dayCycle(minute)),
    rate: rate * dayCycle(minute + day / 3),
  }),
  shock: (minute) => ({ ...usual, rate: minute >= 30 && minute < 90 ? 3 * rate : rate }),
  weights: (minute) => ({ ...usual, share: shareAt(minute), rate: rate * dayCycle(minute) }),
};

/** A rollout in four stages over the day. */
const shareAt = (minute: number): number => {
  if (minute < 120) return 0.01;
  if (minute < 360) return 0.05;
  return minute < 720 ? 0.25 : 0.5;
};

const rules: readonly Rule<RateCounts>[] = [
  { name: "Flagger, twice the base rate, 5 failures", start: () => flagger(2 * rate) },
];

/** A day with a look each minute on which neither arm is worse. */
export const calmDay = (
  name: string,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Cell<RateCounts> => {
  const minuteAt = calmDays[name];
  if (minuteAt === undefined) {
    throw new RangeError(`there is no calm day called ${name}`);
  }
  return {
    runs,
    seed,
    minutes: day,
    traffic: (random) => (minute) => {
      const calm = minuteAt(minute);
      return rateMinute(random, { ...calm, looks: 1 }, { candidate: calm.rate, baseline: calm.rate });
    },
    judge: () => judged(ratePlan),
    rules,
  };
};
