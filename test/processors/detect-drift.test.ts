import { describe, expect, test } from "vitest";
import type { DriftStep } from "../../processors/detect-drift.ts";
import { stepDrift, stepTogether } from "../../processors/detect-drift.ts";
import { driftConfig } from "../../processors/drift-config.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import type { SeenMinute, Values } from "../../processors/drift-series.ts";
import type { Baseline, DriftState } from "../../processors/drift-state.ts";
import type { DriftContext } from "../../processors/weigh-drift.ts";

const config = driftConfig.parse({ baselineAnswers: 1_000 });
const alone: DriftContext = { config, predecessor: null, families: 1 };
const zeroBin = "-32768";

type Draw = (random: () => number) => string;

const flag =
  (rate: number): Draw =>
  (random) =>
    random() < rate ? "0" : zeroBin;

/** A lognormal number in the store's bins. */
const lognormal =
  (median: number, sigma: number): Draw =>
  (random) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return String(Math.ceil(Math.log(median * Math.exp(sigma * normal)) / Math.log(1.02)));
  };

const minuteOf = (minute: number, values: readonly string[], more: Partial<SeenMinute> = {}): SeenMinute => ({
  tenant: "acme",
  route: "chat",
  variant: "openai/gpt-4",
  model: "gpt-4-0613",
  ...{ measure: "answer_refusal@1", prompt: "" },
  minuteMs: minute * 60_000,
  isCategory: false,
  n: values.length,
  sum: values.reduce((sum, bin) => sum + (bin === zeroBin ? 0 : 1.02 ** Number(bin)), 0),
  values: Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length])),
  strata: {},
  ...more,
});

/** Runs minutes of 20 answers until so many answers came; tells after how many of them the first alarm was. */
const answersToAlarm = (args: {
  readonly seed: number;
  readonly before: Draw;
  readonly after: Draw;
  readonly answers: number;
  readonly series?: Partial<SeenMinute>;
}): number | null => {
  const random = randomFrom(`run ${args.seed}`);
  const draw = (of: Draw): string[] => Array.from({ length: 20 }, () => of(random));
  let state: DriftState | null = null;
  let minute = 0;
  for (let learned = 0; learned < config.baselineAnswers; learned += 20, minute += 1) {
    state = stepDrift(state, minuteOf(minute, draw(args.before), args.series), alone).state;
  }
  for (let answers = 20; answers <= args.answers; answers += 20, minute += 1) {
    const step: DriftStep = stepDrift(state, minuteOf(minute, draw(args.after), args.series), alone);
    if (step.finding !== null) return answers;
    state = step.state;
  }
  return null;
};

const median = (values: readonly (number | null)[]): number =>
  values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[Math.floor(values.length / 2)] ??
  Number.NaN;

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

describe("a series of answers", () => {
  test("that stays as it was raises no alarm in 40 times 2,000 answers", () => {
    const alarms = seeds.flatMap((seed) => [
      answersToAlarm({ seed, before: flag(0.02), after: flag(0.02), answers: 2_000 }),
      answersToAlarm({ seed, before: lognormal(400, 0.9), after: lognormal(400, 0.9), answers: 2_000 }),
    ]);
    expect(alarms.filter((alarm) => alarm !== null)).toEqual([]);
  });

  test.each([
    { change: "refusals from 2% to 10%", before: flag(0.02), after: flag(0.1), within: 420 },
    { change: "fenced code from none to 80%", before: flag(0), after: flag(0.8), within: 30 },
    { change: "fenced code from 80% to none", before: flag(0.8), after: flag(0), within: 30 },
    { change: "answers half as long", before: lognormal(400, 0.9), after: lognormal(200, 0.9), within: 120 },
    { change: "answers a fifth longer", before: lognormal(400, 0.3), after: lognormal(480, 0.3), within: 160 },
  ])("whose nature changes ($change) raises an alarm within $within answers, in the median", (change) => {
    const { within } = change;
    expect(median(seeds.map((seed) => answersToAlarm({ ...change, seed, answers: 2_000 })))).toBeLessThanOrEqual(
      within,
    );
  });

  test("of categories raises an alarm when another one takes over, and says which", () => {
    const languages =
      (share: number): Draw =>
      (random) =>
        random() < share ? "de" : "en";
    const series = { measure: "answer_language@1", isCategory: true };
    const found = answersToAlarm({ seed: 1, before: languages(0.1), after: languages(0.9), answers: 200, series });
    expect(found).not.toBeNull();
    expect(found).toBeLessThanOrEqual(40);
  });

  test.each([
    { kind: "flags", of: flag(0.3) },
    { kind: "numbers", of: lognormal(400, 0.9) },
  ])("of $kind concludes the same from the same, and its state survives being stored", ({ of }) => {
    const random = randomFrom("a run");
    const draw = (): string[] => Array.from({ length: 400 }, () => of(random));
    let state: DriftState | null = null;
    for (let minute = 0; minute < 5; minute += 1) {
      const seen = minuteOf(minute, draw());
      const step: DriftStep = stepDrift(state, seen, alone);
      const stored: DriftState | null = state === null ? null : JSON.parse(JSON.stringify(state));
      expect(stepDrift(stored, seen, alone)).toEqual(step);
      state = step.state;
    }
    expect(state?.pass).not.toBeNull();
  });
});

describe("a new version of a model", () => {
  const before: Values = { [zeroBin]: 490, "0": 10 };
  const predecessor: Baseline = { from: "the version before, gpt-4-0314", values: before, strata: {}, sum: 10 };

  test("is held against the one before from its first minute, and the alarm names both", () => {
    const refusing = Array.from({ length: 40 }, (_, index) => (index < 20 ? "0" : zeroBin));
    const step = stepDrift(null, minuteOf(0, refusing), { ...alone, predecessor });
    expect(step.evidence.status).toBe("alarm");
    expect(step.finding).toMatchObject({
      kind: "drift",
      model: "gpt-4-0613",
      reference: "the version before, gpt-4-0314",
      current: { n: 40 },
      baseline: { n: 500 },
      says: "answer refusal rose from 2.0% to 50.0%; 40 answers against 500 (the version before, gpt-4-0314)",
    });
    const next = stepDrift(step.state, minuteOf(1, refusing), { ...alone, predecessor });
    expect([next.evidence.status, next.finding]).toEqual(["alarm", null]);
  });

  test("without one before learns first", () => {
    const { evidence } = stepDrift(null, minuteOf(0, [zeroBin, "0"]), alone);
    expect(evidence).toMatchObject({
      status: "learning",
      reference: "",
      logEvidence: 0,
      current: { n: 0, mean: null },
    });
  });
});

describe("measures of one model", () => {
  const names = ["answer_words@1", "answer_list_items@1", "answer_redundancy@1", "answer_characters@1"];
  const before: Values = Object.fromEntries(Array.from({ length: 60 }, (_, bin) => [String(100 + bin), 10]));
  const predecessor: Baseline = { from: "the version before, gpt-4-0314", values: before, strata: {}, sum: 6_000 };
  const context = { ...alone, predecessor };
  const moved = (measure: string) => minuteOf(0, ["152", "153", "154", "155", "156", "157", "158", "159"], { measure });
  const still = minuteOf(0, ["103", "111", "118", "126", "133", "141", "148", "156"], { measure: "answer_urls@1" });

  test("that moved together are an alarm where none of them alone is, and one that did not move is not named", () => {
    const inputs = [...names.map(moved), still].map((minute) => ({ before: null, minute, context }));
    const each = inputs.map(({ minute }) => stepDrift(null, minute, context).finding);
    expect(each.filter((finding) => finding !== null)).toEqual([]);
    const steps = stepTogether(inputs);
    expect(steps.map(({ finding }) => finding?.measure)).toEqual([...names, undefined]);
    for (const { evidence, finding } of steps) {
      expect(evidence.logEvidence >= evidence.logBound).toBe(finding !== null);
    }
  });
});

describe("a baseline", () => {
  const settings: DriftContext = { ...alone, config: driftConfig.parse({ baselineAnswers: 400, leastAnswers: 100 }) };
  /** Steps minutes of 50 answers; tells of each with how many it was compared. */
  const compared = (rates: readonly number[]): readonly number[] => {
    const random = randomFrom("a baseline");
    let state: DriftState | null = null;
    return rates.map((rate, minute) => {
      const values = Array.from({ length: 50 }, () => flag(rate)(random));
      const step: DriftStep = stepDrift(state, minuteOf(minute, values), settings);
      state = step.state;
      return step.evidence.baseline.n;
    });
  };

  test("is used as soon as there is enough of it, and again whenever there is twice as much or all of it", () => {
    expect(compared(Array.from({ length: 12 }, () => 0.3))).toEqual([
      ...[0, 0, 100, 100, 200, 200, 200, 200],
      ...[400, 400, 400, 400],
    ]);
  });

  test("does not grow by answers that follow an alarm", () => {
    const sizes = compared([...Array.from({ length: 4 }, () => 0), ...Array.from({ length: 20 }, () => 1)]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(350);
  });
});
