import { describe, expect, test } from "vitest";
import { driftEvidence } from "../../stats/evidence/drift-evidence.ts";
import type { HourValue } from "../../stats/reference/fit-season.ts";
import { fitSeason } from "../../stats/reference/fit-season.ts";
import { expectedAt, scoreHour } from "../../stats/reference/score-hour.ts";
import { seededRandom } from "./random.ts";

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
    expect(fit === null ? null : scoreHour(fit, { hour: 1, value: 2, deviation: 0, count: 1 })).toBe(0);
  });

  test("keeps alarms rare on realistic hours, and finds a shift of twice their deviation in a few", () => {
    const { start, step, logEvidence } = driftEvidence();
    let alarms = 0;
    const delays: number[] = [];
    for (let seed = 1; seed <= 12; seed += 1) {
      const all = hoursOf(7, 100 + seed);
      const fit = fitSeason(all.slice(0, 5 * 168));
      if (fit === null) throw new Error("five weeks are enough");
      let state = start;
      for (const hour of all.slice(5 * 168)) {
        state = step(state, scoreHour(fit, hour));
        if (logEvidence(state) >= Math.log(1_000)) {
          alarms += 1;
          state = start;
        }
      }
      state = start;
      const shifted = all.slice(5 * 168).map((hour) => ({ ...hour, value: hour.value + 0.2 }));
      delays.push(
        1 +
          shifted.findIndex((hour) => {
            state = step(state, scoreHour(fit, hour));
            return logEvidence(state) >= Math.log(1_000);
          }),
      );
    }
    expect(alarms / 24).toBeLessThanOrEqual(0.2);
    expect(delays.toSorted((a, b) => a - b)[5]).toBeLessThanOrEqual(6);
  });
});
