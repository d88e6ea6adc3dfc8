import { median } from "simple-statistics";

const weekHours = 168;
const dayHours = 24;

/**
 * The expected value of each of the 168 hours of the week: the median of its values, moved towards the median of its hour of the
 * day unless `freedom` is 1. Hours without values fall back on the hour of the day, and that on the median of all values.
 */
export const seasonCentres = (
  hours: readonly { readonly hour: number; readonly value: number }[],
  freedom: number,
): readonly number[] => {
  const all = median(hours.map(({ value }) => value));
  const days = medians(hours, dayHours);
  return medians(hours, weekHours).map((centre, place) => {
    const daily = days[place % dayHours] ?? all;
    return centre === null ? daily : daily + freedom * (centre - daily);
  });
};

const medians = (
  hours: readonly { readonly hour: number; readonly value: number }[],
  period: number,
): readonly (number | null)[] => {
  const values = Array.from({ length: period }, (): number[] => []);
  for (const { hour, value } of hours) {
    values[((hour % period) + period) % period]?.push(value);
  }
  return values.map((list) => (list.length === 0 ? null : median(list)));
};
