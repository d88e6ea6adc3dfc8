import { expect, test } from "vitest";
import { randomFrom } from "../../processors/drift-draw.ts";
import type { Drawing } from "../../processors/drift-pools.ts";
import { areSpread, continueRanked, openRanked, rankedEvidence } from "../../processors/drift-ranked.ts";
import type { Values } from "../../processors/drift-series.ts";

const runs = 400;
const size = 60;
const minutes = 30;

const counted = (values: readonly number[]): Values =>
  Object.fromEntries([...Map.groupBy(values, String)].map(([value, all]) => [value, all.length]));

/** The most evidence that values of some distribution ever reach, 10 a minute, against a small baseline of `baseline`. */
const mostEvidence = (seed: string, baseline: (random: () => number) => number, now = baseline): number => {
  const random = randomFrom(seed);
  const draw = (of: typeof baseline, count: number): Values => counted(Array.from({ length: count }, () => of(random)));
  const compared: Omit<Drawing, "seen" | "seedFor"> = {
    ...{ sizes: new Map([["", size]]), isCategory: false, isOfVersion: true },
    form: { split: (values) => new Map([["", values]]), nameOf: (_, value) => value },
  };
  let comparison = openRanked(draw(baseline, size), { ...compared, seedFor: (purpose) => `${seed} ${purpose}` });
  let most = Number.NEGATIVE_INFINITY;
  for (let minute = 0; minute < minutes; minute += 1) {
    const seedFor = (purpose: string): string => `${seed} ${purpose} ${minute}`;
    comparison = continueRanked(comparison, { ...compared, seedFor, seen: new Map([["", draw(now, 10)]]) });
    most = Math.max(most, rankedEvidence(comparison));
  }
  return most;
};

test.each([
  { kind: "mostly different", draw: (random: () => number) => Math.floor(150 * random()) },
  { kind: "often equal", draw: (random: () => number) => Math.floor(4 * random() ** 2) },
])("numbers that are $kind reach evidence of 20 at any look in fewer than one of 20 series", ({ draw }) => {
  const reached = Array.from({ length: runs }, (_, run) => mostEvidence(`series ${run}`, draw) >= Math.log(20));
  expect(reached.filter(Boolean).length).toBeLessThan(runs / 20);
  expect(mostEvidence("moved", draw, (random) => draw(() => 0.4 + 0.6 * random()))).toBeGreaterThan(Math.log(20));
});

test("numbers are compared by rank unless more than half of them are equal", () => {
  expect(areSpread({ "1": 5, "2": 3, "3": 2 })).toBe(true);
  expect(areSpread({ "1": 6, "2": 4 })).toBe(false);
});
