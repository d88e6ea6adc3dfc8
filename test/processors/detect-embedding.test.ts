import { describe, expect, test } from "vitest";
import type { EmbeddedMinute } from "../../core/embedding-sum.ts";
import type { EmbeddingStep } from "../../processors/detect-embedding.ts";
import { stepEmbedding } from "../../processors/detect-embedding.ts";
import { driftConfig } from "../../processors/drift-config.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import type { EmbeddingState } from "../../processors/embedding-state.ts";
import { embeddingState, stateText } from "../../processors/embedding-state.ts";
import { answerText, answerVector, embeddedMinute } from "./worded-answers.ts";

const config = driftConfig.parse({ baselineAnswers: 400, leastAnswers: 100 });
const minuteMs = 60_000;

/** Minutes of answers, of which so many words of a hundred are others than usual. */
const minutesOf = (seed: string, shares: readonly number[], perMinute: number): readonly EmbeddedMinute[] => {
  const random = randomFrom(seed);
  return shares.map((share, minute) => {
    const vectors = Array.from({ length: perMinute }, () => answerVector(answerText(random, share)));
    return embeddedMinute(vectors, minute * minuteMs);
  });
};

const run = (minutes: readonly EmbeddedMinute[], from: EmbeddingState | null = null): readonly EmbeddingStep[] => {
  const steps: EmbeddingStep[] = [];
  for (const minute of minutes) {
    const before = steps.at(-1)?.state ?? from;
    steps.push(stepEmbedding(before, minute, { config, families: 1, predecessor: null }));
  }
  return steps;
};

const findings = (steps: readonly EmbeddingStep[]) => steps.flatMap(({ finding }) => finding ?? []);
const of = (count: number, share: number): readonly number[] => Array.from({ length: count }, () => share);

describe("answers that are worded otherwise", () => {
  test("under the same name are found within a pass after the change, told with the distance and both sizes", () => {
    const steps = run(minutesOf("silent change", [...of(40, 0), ...of(30, 0.2)], 20));
    const [first, ...more] = findings(steps);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      kind: "drift",
      measure: "answer_embedding@1",
      reference: "its first answers, of m-1",
    });
    expect(first?.says).toMatch(
      /^answer embedding moved by 0\.\d\d of its spread; \d+ answers against \d+ \(its first/,
    );
    const minute = (first?.minuteMs ?? 0) / minuteMs;
    expect(minute).toBeGreaterThanOrEqual(40);
    expect(minute).toBeLessThan(66);
  });

  test("by the embedding of an endpoint name the model that embedded", () => {
    const measure = "answer_embedding:text-embedding-3-small~0a1b2c3d@1";
    const minutes = minutesOf("another embedding", [...of(40, 0), ...of(30, 0.2)], 20);
    const [first] = findings(run(minutes.map((minute) => ({ ...minute, measure }))));
    expect(first?.measure).toBe(measure);
    expect(first?.says).toMatch(/^answer embedding by text-embedding-3-small moved by 0\.\d\d of its spread/);
  });

  test("by a new version are found from its second minute on, against the version before", () => {
    const known = run(minutesOf("the old version", of(20, 0), 20)).at(-1)?.state;
    const predecessor = { from: "the version before, m-0", blocks: known?.own.blocks ?? [] };
    let state: EmbeddingState | null = null;
    const found: number[] = [];
    for (const minute of minutesOf("the new version", of(8, 0.5), 20)) {
      const step: EmbeddingStep = stepEmbedding(state, minute, { config, families: 2, predecessor });
      if (step.finding !== null) found.push(minute.minuteMs / minuteMs);
      state = step.state;
    }
    expect(found).toEqual([expect.toSatisfy((minute: number) => minute >= 1 && minute <= 4)]);
  });

  test("by a word or two in a thousand are no finding, however long it goes on: the effect is too small", () => {
    expect(findings(run(minutesOf("hardly", [...of(30, 0), ...of(60, 0.002)], 20)))).toEqual([]);
  });
});

describe("answers that are worded as ever", () => {
  test("reach evidence of 20 in fewer than one of 20 passes", () => {
    let [passes, crossed] = [0, 0];
    for (let series = 0; series < 60; series += 1) {
      const steps = run(minutesOf(`usual ${series}`, of(48, 0.1), 8));
      const best = new Map<number, number>();
      for (const { state, evidence } of steps) {
        const reached = Math.max(best.get(state.passes) ?? 0, evidence.logEvidence);
        if (state.passes > 0) best.set(state.passes, reached);
      }
      passes += best.size;
      crossed += [...best.values()].filter((log) => log >= Math.log(20)).length;
      expect(findings(steps)).toEqual([]);
    }
    expect(passes).toBeGreaterThan(100);
    expect(crossed / passes).toBeLessThan(0.05);
  });
});

describe("a state", () => {
  test("that was stored and read again concludes the same", () => {
    const minutes = minutesOf("stored", [...of(20, 0), ...of(20, 0.3)], 10);
    const half = run(minutes.slice(0, 17)).at(-1)?.state;
    expect(half?.pass).not.toBeNull();
    const read = half === undefined ? null : embeddingState.parse(JSON.parse(stateText(half)));
    expect(read).toEqual(half);
    expect(run(minutes.slice(17), read)).toEqual(run(minutes).slice(17));
  });

  test("keeps no more blocks than a baseline needs, and no answer after there are enough", () => {
    const { own } = run(minutesOf("long", of(120, 0), 10)).at(-1)?.state ?? { own: { blocks: [] } };
    expect(own.blocks.length).toBeLessThanOrEqual(24);
    expect(own.blocks.reduce((sum, { count }) => sum + count, 0)).toBe(400);
  });
});
