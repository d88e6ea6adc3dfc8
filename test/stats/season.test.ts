import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import type { DriftState } from "../../stats/evidence/drift-evidence.ts";
import { driftEvidence } from "../../stats/evidence/drift-evidence.ts";
import type { HourValue } from "../../stats/reference/fit-season.ts";
import { fitSeason } from "../../stats/reference/fit-season.ts";
import { innovationOf, persistenceOf } from "../../stats/reference/innovation.ts";
import type { HourScore } from "../../stats/reference/score-hour.ts";
import { expectedAt, scoreHour } from "../../stats/reference/score-hour.ts";

const firstHour = 490_000;

/** Hours with a daily cycle, an effect of each hour, and the noise of 1,000 observations. */
const hoursOf = (weeks: number, seed: number, effect = 0.1): readonly HourValue[] => {
  const { normal } = seededRandom(seed);
  return Array.from({ length: weeks * 168 }, (_, index) => {
    const hour = firstHour + index;
    const daily = 0.15 * Math.sin((2 * Math.PI * hour) / 24);
    return { hour, value: daily + effect * normal() + normal() / Math.sqrt(1_000), deviation: 1, count: 1_000 };
  });
};

describe("the reference of hours of the week", () => {
  test("knows the daily cycle and the variance between hours", () => {
    const fit = fitSeason(hoursOf(5, 1));
    expect(fit?.hours).toBe(840);
    expect(fit?.deviation).toBe(1);
    expect(Math.sqrt(fit?.overdispersion ?? 0)).toBeGreaterThan(0.09);
    expect(Math.sqrt(fit?.overdispersion ?? 0)).toBeLessThan(0.13);
    expect(fit?.scale).toBeGreaterThanOrEqual(1);
    expect(fit?.scale).toBeLessThan(1.3);
    const errors = Array.from({ length: 168 }, (_, hour) =>
      Math.abs((fit?.expected[hour] ?? 9) - 0.15 * Math.sin((2 * Math.PI * hour) / 24)),
    );
    expect(Math.max(...errors)).toBeLessThan(0.15);
  });

  test("takes no sampling noise for variance between hours", () => {
    expect(fitSeason(hoursOf(5, 8, 0))?.overdispersion).toBeLessThan(0.0003);
  });

  test("shrinks hours of the week to hours of the day where these say all, and leaves them free where not", () => {
    expect(fitSeason(hoursOf(5, 2))?.freedom).toBe(0);
    const weekly = hoursOf(5, 2).map((hour) => ({ ...hour, value: hour.value + Math.floor((hour.hour % 168) / 24) }));
    expect(fitSeason(weekly)?.freedom).toBeGreaterThanOrEqual(0.75);
  });

  test("leaves out incidents, and falls back on the hour of the day where nothing is left", () => {
    const incident = { from: firstHour + 200, until: firstHour + 203 };
    const hours = hoursOf(3, 3);
    const broken = hours.map((hour) => (hour.hour >= incident.from && hour.hour < incident.until ? 1e6 : 0));
    const hit = hours.map((hour, index) => ({ ...hour, value: hour.value + (broken[index] ?? 0) }));
    const fit = fitSeason(hit, [incident]);
    expect(fit).toEqual(fitSeason(hours, [incident]));
    expect(fit?.hours).toBe(3 * 168 - 3);
    expect(fit === null ? null : expectedAt(fit, firstHour)).toBe(fit?.expected[firstHour % 168]);
    const gone = hours.filter(({ hour }) => hour % 168 !== 5);
    expect(Math.abs(fitSeason(gone)?.expected[5] ?? 9)).toBeLessThan(0.4);
  });

  test("is null before there is a week to compare with", () => {
    expect(fitSeason([])).toBeNull();
    expect(fitSeason(hoursOf(1, 4))).toBeNull();
    expect(fitSeason(hoursOf(2, 4))).not.toBeNull();
  });

  test("refuses hours that are none", () => {
    const [first] = hoursOf(1, 5);
    const hour = first ?? { hour: 0, value: 0, deviation: 1, count: 1 };
    expect(() => fitSeason([{ ...hour, hour: 0.5 }])).toThrow(RangeError);
    expect(() => fitSeason([{ ...hour, value: Number.NaN }])).toThrow(TypeError);
    expect(() => fitSeason([{ ...hour, count: 0 }])).toThrow(RangeError);
  });

  test("of a series that never varied has residuals of 0", () => {
    const still = hoursOf(3, 6).map((hour) => ({ ...hour, value: 2, deviation: 0 }));
    expect(fitSeason(still)).toMatchObject({ overdispersion: 0, scale: 1 });
    const fit = fitSeason(still);
    expect(fit === null ? null : scoreHour(fit, { hour: 1, value: 2, deviation: 0, count: 1 }, null).residual).toBe(0);
  });

  test("keeps alarms rare on realistic hours, and finds a shift of twice their deviation in a few", () => {
    const runs = Array.from({ length: 12 }, (_, seed) => alarmsAndDelay(hoursOf(7, 101 + seed)));
    expect(runs.reduce((sum, { alarms }) => sum + alarms, 0) / 24).toBeLessThanOrEqual(0.2);
    const delays = runs.map(({ delay }) => delay).toSorted((a, b) => a - b);
    expect(delays[5]).toBeLessThanOrEqual(6);
  });

  test("keeps alarms rare where hours hang together", () => {
    const runs = Array.from({ length: 12 }, (_, seed) => alarmsAndDelay(persistentHours(7, 200 + seed)));
    expect(runs.reduce((sum, { alarms }) => sum + alarms, 0) / 24).toBeLessThanOrEqual(0.5);
    expect(fitSeason(persistentHours(5, 300))?.persistence).toBeGreaterThan(0.4);
    expect(fitSeason(hoursOf(5, 300))?.persistence).toBeLessThan(0.1);
  });
});

describe("what is new in an hour", () => {
  const known = { persistence: 0.6, scale: 1 };

  test("is its distance less what the hour before had, if that is known", () => {
    expect(innovationOf({ hour: 8, distance: 2 }, { hour: 7, distance: 2 }, known)).toBeCloseTo(1, 14);
    expect(innovationOf({ hour: 8, distance: 2 }, { hour: 6, distance: 2 }, known)).toBe(2);
    expect(innovationOf({ hour: 8, distance: 2 }, null, { ...known, scale: 2 })).toBe(1);
    expect(innovationOf({ hour: 8, distance: 4 }, { hour: 7, distance: -4 }, known)).toBe(4);
  });

  test("is all of it where hours are as they come", () => {
    const at = (every: number, distances: readonly number[]) =>
      distances.map((distance, index) => ({ hour: every * index, distance }));
    expect(persistenceOf([])).toBe(0);
    expect(persistenceOf(at(1, [1, -1, 1, -1]))).toBe(0);
    expect(persistenceOf(at(1, [1, 1, 1, 1]))).toBe(0.95);
    expect(persistenceOf(at(2, [1, 1, 1, 1]))).toBe(0);
  });
});

/** Hours with the same variance as `hoursOf`, of which each keeps 0.7 of what the one before had. */
const persistentHours = (weeks: number, seed: number): readonly HourValue[] => {
  const { normal } = seededRandom(seed);
  let effect = 0;
  return hoursOf(weeks, seed + 1_000, 0).map((hour) => {
    effect = 0.7 * effect + 0.1 * Math.sqrt(1 - 0.49) * normal();
    return { ...hour, value: hour.value + effect };
  });
};

/** Alarms in the weeks after the first five, and hours until a shift of 0.2 is found there. */
const alarmsAndDelay = (all: readonly HourValue[]): { alarms: number; delay: number } => {
  const { start, step, logEvidence } = driftEvidence();
  const fit = fitSeason(all.slice(0, 5 * 168));
  if (fit === null) throw new Error("five weeks are enough");
  const watch = (hours: readonly HourValue[]): readonly number[] => {
    let state: DriftState = start;
    let previous: HourScore | null = null;
    const found: number[] = [];
    for (const [index, hour] of hours.entries()) {
      previous = scoreHour(fit, hour, previous);
      state = step(state, previous.residual);
      if (logEvidence(state) >= Math.log(1_000)) {
        found.push(index + 1);
        state = start;
      }
    }
    return found;
  };
  const later = all.slice(5 * 168);
  const [delay = 999] = watch(later.map((hour) => ({ ...hour, value: hour.value + 0.2 })));
  return { alarms: watch(later).length, delay };
};
