import type { HourValue } from "../../../stats/reference/fit-season.ts";

const dayHours = 24;
const limit = 3;

/** Whether an hour is more than three standard deviations from what its hour of the day was on average. */
export const threeSigma = (history: readonly HourValue[]): ((hour: HourValue) => boolean) => {
  const means = Array.from({ length: dayHours }, (_, place) => {
    const values = history.filter(({ hour }) => hour % dayHours === place).map(({ value }) => value);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  const residualOf = ({ hour, value }: HourValue): number => value - (means[hour % dayHours] ?? 0);
  const squares = history.reduce((sum, hour) => sum + residualOf(hour) ** 2, 0);
  const deviation = Math.sqrt(squares / (history.length - dayHours));
  return (hour) => Math.abs(residualOf(hour)) > limit * deviation;
};
