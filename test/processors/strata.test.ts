import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { continueComparison, evidenceOf, openComparison } from "../../processors/drift-comparison.ts";
import { driftConfig } from "../../processors/drift-config.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import type { Values } from "../../processors/drift-series.ts";
import { countOf } from "../../processors/drift-series.ts";
import { byStratum, isMixMoved, matchedSides, nameInStratum, sizesOf } from "../../processors/drift-strata.ts";
import { stratumOf } from "../../processors/measure-stratum.ts";
import type { Behaviour, Mix } from "./mixed-traffic.ts";
import { watchMixed } from "./mixed-traffic.ts";

const config = driftConfig.parse({ baselineAnswers: 1_000 });
const usual: Mix = [0.8, 0.15, 0.05];
const longer: Mix = [0.2, 0.3, 0.5];
const somewhatLonger: Mix = [0.6, 0.25, 0.15];
const same: Behaviour = { length: 1, refusals: 1 };
const seeds = Array.from({ length: 4 }, (_, index) => `run ${index}`);

const watched = (seed: string, mix: Mix, more: Partial<Behaviour> & { readonly knowsStrata?: boolean } = {}) =>
  watchMixed({
    ...{ seed, config, knowsStrata: more.knowsStrata ?? true },
    times: [
      { mix: usual, ...same, minutes: 50 },
      { mix, ...same, ...more, minutes: 30 },
    ],
  });

type Found = ReturnType<typeof watched>;

const ofAnswers = (found: Found): Found => found.filter(({ measure }) => measure.startsWith("answer_"));

describe("questions that are others than before", () => {
  test("raise findings of questions and none of answers, where answers to the same questions are the same", () => {
    for (const seed of seeds) {
      expect(ofAnswers(watched(seed, somewhatLonger))).toEqual([]);
      const found = watched(seed, longer);
      expect(ofAnswers(found)).toEqual([]);
      expect(found[0]?.says).toMatch(/^input characters median rose .*; answers to the same inputs unchanged$/);
    }
  });

  test("raise findings of answers where nobody knows their strata", () => {
    const alarmed = seeds.filter((seed) => ofAnswers(watched(seed, longer, { knowsStrata: false })).length > 0);
    expect(alarmed).toEqual(seeds);
  });

  test.each([
    { change: "answers a third longer", length: 1.3, measure: "answer_tokens@1", way: "rose" },
    {
      change: "answers a third shorter, which longer questions hide",
      length: 0.65,
      measure: "answer_tokens@1",
      way: "fell",
    },
    { change: "three times as many refusals", refusals: 3, measure: "answer_refusal_score@1", way: "rose" },
  ])("hide no change of answers to the same questions: $change", ({ measure, way, length, refusals }) => {
    for (const seed of seeds) {
      const found = watched(seed, longer, { length: length ?? 1, refusals: refusals ?? 1 });
      const [first] = ofAnswers(found);
      expect(first).toMatchObject({ measure, reference: "its first answers, of gpt-4-0613, within the same inputs" });
      expect(first?.says).toContain(` ${way} from `);
      expect(first?.says).toMatch(/; inputs moved: "none" fell from \d\d\.\d% to \d+\.\d%$/);
      expect(first?.minute).toBeLessThan(25);
    }
  });
});

const values = fc.dictionary(fc.constantFrom("0", "40", "80", "120", "-32768"), fc.integer({ min: 1, max: 40 }), {
  minKeys: 2,
});

describe("a comparison within strata", () => {
  test("is the plain comparison where there is one stratum", () => {
    const alike = { split: (all: Values) => new Map([["", all]]), nameOf: (_: string, value: string) => value };
    const apart = { split: byStratum, nameOf: nameInStratum };
    const inStratum = (all: Values): Values =>
      Object.fromEntries(Object.entries(all).map(([value, count]) => [nameInStratum("3", value), count]));
    fc.assert(
      fc.property(
        values,
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (baseline, minutes, isCategory) => {
          const evidence = [alike, apart].map((form) => {
            const given = (all: Values): Values => (form === alike ? all : inStratum(all));
            const sizes = form === alike ? new Map([["", countOf(baseline)]]) : sizesOf(inStratum(baseline));
            const compared = { sizes, isCategory, isOfVersion: false, form, seedFor: () => "a seed" };
            const end = minutes.reduce(
              (state, minute, index) =>
                continueComparison(state, {
                  ...compared,
                  ...{ seen: form.split(given(minute)), seedFor: () => `seed ${index}` },
                }),
              openComparison(given(baseline), compared),
            );
            return evidenceOf(end);
          });
          expect(evidence[1]).toBeCloseTo(evidence[0] ?? Number.NaN, 9);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("weights what it is held against to the mix of what came, and leaves out what only one side has", () => {
    const before = { "0:0": 60, "0:40": 20, "1:40": 20, "2:80": 7 };
    const now = { "0:0": 10, "1:40": 30, "4:0": 5 };
    const { against, seen } = matchedSides(before, now, true);
    expect(seen).toEqual({ 0: 10, 40: 30 });
    // A quarter of what came is of stratum 0, of which three in four are 0.
    expect(against.values[0]).toBeCloseTo(100 * 0.25 * 0.75, 9);
    expect(against.values[40]).toBeCloseTo(100 * (0.25 * 0.25 + 0.75), 9);
  });

  test("begins by chance in no more than one of fifty looks at the same mix", () => {
    const random = randomFrom("mixes");
    const draw = (count: number): Values => {
      const drawn: Record<string, number> = {};
      for (let call = 0; call < count; call += 1) {
        const name = `${Math.floor(random() ** 2 * 16)}:0`;
        drawn[name] = (drawn[name] ?? 0) + 1;
      }
      return drawn;
    };
    const looks = 1_000;
    const moved = Array.from({ length: looks }, () => isMixMoved(draw(1_000), draw(100))).filter(Boolean).length;
    expect(moved).toBeLessThanOrEqual(looks / 50);
    expect(isMixMoved(draw(1_000), { "15:0": 100 })).toBe(true);
    expect(isMixMoved({}, draw(100))).toBe(false);
  });
});

test.each([
  { characters: 100, language: "en", topic: "t4", stratum: "short_a" },
  { characters: 101, language: null, topic: "t7", stratum: "medium_d" },
  { characters: 801, language: "de", topic: null, stratum: "long_foreign" },
  { characters: 20, language: "en", topic: null, stratum: "none" },
] as const)(
  "an input of $characters characters, language $language and topic $topic is of the stratum $stratum",
  (input) => {
    expect(stratumOf(input)).toBe(input.stratum);
  },
);
