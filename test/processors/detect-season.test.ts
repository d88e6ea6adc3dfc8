import { describe, expect, test } from "vitest";
import { fitBasis, isFitDue, seasonEvidence, seasonStart, stepSeason } from "../../processors/detect-season.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import type { SeenMinute, Values } from "../../processors/drift-series.ts";
import { hourOf } from "../../processors/hour-of.ts";
import { incidentConfig, incidentHours, isInIncident } from "../../processors/incidents.ts";

const hourMs = 3_600_000;
const firstHour = 490_056;
const perHour = 200;

/** An hour of a flag whose rate has a daily cycle. */
const hourWith = (hour: number, yes: number): SeenMinute => {
  const values: Values = { 0: yes, "-32768": perHour - yes };
  return {
    ...{ tenant: "acme", route: "chat", variant: "up", model: "gpt-4-0613", prompt: "" },
    ...{
      measure: "answer_refusal_score@1",
      isCategory: false,
      minuteMs: hour * hourMs,
      n: perHour,
      sum: yes,
      values,
      strata: {},
    },
  };
};

const cycle = (hour: number): number => 0.1 + 0.06 * Math.sin((2 * Math.PI * hour) / 24);

/** Hours whose answers are drawn at the cycle's rate times a factor. */
const drawn = (args: {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly factor?: number;
}): readonly SeenMinute[] => {
  const random = randomFrom(`season ${args.seed}`);
  return Array.from({ length: args.count }, (_, index) => {
    const hour = args.from + index;
    const rate = cycle(hour) * (args.factor ?? 1);
    return hourWith(hour, Array.from({ length: perHour }, random).filter((value) => value < rate).length);
  });
};

const threeWeeks = 3 * 168;
const seeds = Array.from({ length: 10 }, (_, index) => index + 1);

/** The largest evidence over some hours against three weeks of before. */
const evidenceOver = (seed: number, factor: number, count: number): number => {
  const history = drawn({ seed, from: firstHour, count: threeWeeks });
  const basis = fitBasis(history, { excluded: [], fittedAt: firstHour + threeWeeks });
  let state = { ...seasonStart, basis };
  let most = Number.NEGATIVE_INFINITY;
  for (const hour of drawn({ seed: seed + 100, from: firstHour + threeWeeks, count, factor })) {
    state = stepSeason(state, hour);
    most = Math.max(most, seasonEvidence(state));
  }
  return most;
};

/** ln of what a first measure of one model needs: 168 hours x 16 / (0.2 x 1). */
const bound = Math.log(13_440);

describe("hours of a series", () => {
  test("that have a daily cycle raise nothing in a week against the same hours of the weeks before", () => {
    expect(seeds.filter((seed) => evidenceOver(seed, 1, 168) >= bound)).toEqual([]);
  });

  test("whose rate is half as high again are found within 12 hours", () => {
    expect(seeds.filter((seed) => evidenceOver(seed, 1.5, 12) < bound)).toEqual([]);
  });

  test("are nothing to compare with before two weeks", () => {
    const hours = drawn({ seed: 1, from: firstHour, count: 336 });
    expect(fitBasis(hours, { excluded: [], fittedAt: 0 })).not.toBeNull();
    expect(fitBasis(hours.slice(1), { excluded: [], fittedAt: 0 })).toBeNull();
  });

  test("of an incident are no part of what is expected", () => {
    const hours = drawn({ seed: 1, from: firstHour, count: threeWeeks });
    const at = firstHour + 100;
    const broken = hours.map((hour) => (hourOf(hour.minuteMs) === at ? hourWith(at, perHour) : hour));
    const from = new Date(at * hourMs).toISOString();
    const to = new Date(at * hourMs + 1_800_000).toISOString();
    const incidents = [{ from, to, route: "chat" }];
    expect([isInIncident(incidents, "chat", at * hourMs), isInIncident(incidents, "other", at * hourMs)]).toEqual([
      true,
      false,
    ]);
    const without = hours.filter(({ minuteMs }) => hourOf(minuteMs) !== at);
    const fit = { excluded: incidentHours(incidents, "chat"), fittedAt: 0 };
    expect(fitBasis(broken, fit)).toEqual(fitBasis(without, { excluded: [], fittedAt: 0 }));
    expect(fitBasis(broken, { ...fit, excluded: incidentHours(incidents, "other") })?.sum).toBeGreaterThan(
      fitBasis(without, fit)?.sum ?? 0,
    );
  });

  test.each(["2026-11-21", "2026-11-21T08:00:00", "2026-13-21T08:00:00Z", "yesterday"])(
    "of an incident have a time with an offset, not %s",
    (from) => {
      expect(incidentConfig.safeParse({ from, to: "2027-01-01T00:00:00Z" }).success).toBe(false);
      expect(incidentConfig.safeParse({ from: "2026-11-21T08:00:00+01:00", to: "2026-11-21T07:00:01Z" }).success).toBe(
        true,
      );
      expect(incidentConfig.safeParse({ from: "2026-11-21T08:00:00Z", to: "2026-11-21T08:00:00Z" }).success).toBe(
        false,
      );
    },
  );

  test("with too few answers say nothing, and a reference is never fitted anew during an alarm", () => {
    const basis = fitBasis(drawn({ seed: 1, from: firstHour, count: threeWeeks }), { excluded: [], fittedAt: 0 });
    const state = { ...seasonStart, basis };
    const few = { ...hourWith(firstHour + threeWeeks, 19), values: { 0: 19 }, n: 19 };
    expect(stepSeason(state, few)).toBe(state);
    expect([isFitDue(state, 168), isFitDue(state, 167), isFitDue({ ...state, crossedAt: 160 }, 168)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
