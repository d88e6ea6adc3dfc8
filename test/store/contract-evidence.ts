import { describe, expect, it } from "vitest";
import type { Conclusions, Evidence, Finding } from "../../core/evidence.ts";
import { embeddingDimensions, embeddingMeasure } from "../../core/measures.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import { evidenceAt, findingOf } from "./evidence.ts";
import type { OpenedStore } from "./open-engine.ts";

const detector = "drift@1";
const nowMinuteMs = Math.floor(Date.now() / 60_000) * 60_000;

const conclude = (evidence: readonly Evidence[], findings: readonly Finding[] = []): Conclusions => ({
  detector,
  minuteMs: evidence[0]?.minuteMs ?? 0,
  evidence,
  findings,
});

/** What every store must do for detectors. */
export const describeEvidence = (opened: () => OpenedStore): void => {
  describe("what was measured", () => {
    it("is read by minute and series, with the values in their bins", async () => {
      const calls = [0, 1, 2, 61].map((offset) => callAt(offset));
      await opened().store.append(batchOf(calls), { delivery: "first" });
      const span = { fromMs: mondayMs, toMs: mondayMs + 60_000 };
      const found = await opened().store.readMeasures(span);
      const { tenant, route, variant } = callAt(0);
      const series = { tenant, route, variant, model: "gpt-4o-2024-08-06", prompt: "greeting@2", minuteMs: mondayMs };
      expect(found).toEqual([
        { ...series, measure: "answer_tokens@1", n: 3, sum: 150, bins: new Map([[198, 3]]) },
        { ...series, measure: "language@1=en", n: 3, sum: 3, bins: new Map([[0, 3]]) },
        {
          ...series,
          measure: "refusal@1",
          n: 3,
          sum: 1,
          bins: new Map([
            [-32_768, 2],
            [0, 1],
          ]),
        },
      ]);
      expect(await opened().store.readMeasures({ fromMs: mondayMs + 60_000, toMs: mondayMs + 120_000 })).toHaveLength(
        3,
      );
    });
  });

  describe("the stratum of an input", () => {
    it("tells the values of answers apart, in bins of four, and there are no more rows for it", async () => {
      const given = [
        ["input_stratum@1=none", 0],
        ["input_stratum@1=short_a", 50],
        ["input_stratum@1=long_foreign", 50],
        ["input_stratum@1=long_foreign", 51],
        ["input_stratum@1=long_foreign", 1e-12],
        ["input_stratum@1=long_foreign", 1e20],
        ["input_words@1", 2],
      ] as const;
      const calls = given.map(([input, value], offset) =>
        callAt(offset, { measures: { "answer_tokens@1": value, [input]: 1 } }),
      );
      await opened().store.append(batchOf(calls), { delivery: "first" });
      const found = await opened().store.readMeasures({ fromMs: mondayMs, toMs: mondayMs + 60_000 });
      expect(found.map(({ measure }) => measure)).toEqual([
        ...["answer_tokens@1", "input_stratum@1=long_foreign", "input_stratum@1=none", "input_stratum@1=short_a"],
        "input_words@1",
      ]);
      const [tokens, ...inputs] = found;
      expect(tokens?.strata?.toSorted((a, b) => a.stratum - b.stratum || a.bin - b.bin)).toEqual([
        { stratum: 0, bin: -32_768, count: 1 },
        { stratum: 1, bin: 200, count: 1 },
        { stratum: 15, bin: -1_044, count: 1 },
        { stratum: 15, bin: 200, count: 2 },
        { stratum: 15, bin: 2_040, count: 1 },
      ]);
      expect(inputs.filter((input) => "strata" in input)).toEqual([]);
    });
  });

  describe("what was embedded", () => {
    it("is read by minute and series, added up over batches", async () => {
      const batches = [batchOf([callAt(0), callAt(61)]), batchOf([callAt(2)])];
      for (const batch of batches) await opened().store.append(batch, { delivery: "first" });
      const [found, ...more] = await opened().store.readEmbeddings({ fromMs: mondayMs, toMs: mondayMs + 60_000 });
      expect(more).toEqual([]);
      const { tenant, route, variant } = callAt(0);
      const series = { tenant, route, variant, model: "gpt-4o-2024-08-06", prompt: "greeting@2" };
      expect(found).toMatchObject({ ...series, measure: embeddingMeasure, minuteMs: mondayMs, n: 2 });
      const own = batches
        .flatMap(({ embeddings }) => embeddings)
        .filter(({ minuteSeconds }) => minuteSeconds * 1000 === mondayMs);
      const total = (place: number): number => own.reduce((sum, { sums }) => sum + (sums[place] ?? 0), 0) / 1_024;
      expect(found?.sum).toEqual(Array.from({ length: embeddingDimensions }, (_, place) => total(place)));
      expect(found?.squaredNorms).toBe(own.reduce((sum, { squares }) => sum + squares, 0) / 1_024 ** 2);
    });
  });

  describe("the version of a prompt", () => {
    it.each([
      ["its name and version", { promptName: "greeting", promptVersion: "3" }, "greeting@3"],
      ["a version without a name", { promptName: null, promptVersion: "3" }, "@3"],
      [
        "the beginning of the hash of a prompt without a name",
        { promptVersion: null, systemPromptHash: "1f2e3d" },
        "1f",
      ],
      ["empty without a prompt", { promptName: null, promptVersion: null, systemPromptHash: null }, ""],
      ["`probe` of a probe", { feature: "probe" }, "probe"],
    ] as const)("is %s", async (_, fields, prompt) => {
      await opened().store.append(batchOf([callAt(0, { ...fields, measures: { "refusal@1": 1 } })]), {
        delivery: "first",
      });
      const found = await opened().store.readMeasures({ fromMs: mondayMs, toMs: mondayMs + 60_000 });
      expect(found.map((one) => one.prompt)).toEqual([prompt]);
    });
  });

  describe("what a detector concluded", () => {
    it("is there once, however often it is saved, and the last state of each series is found", async () => {
      const first = conclude([
        evidenceAt(nowMinuteMs - 120_000),
        evidenceAt(nowMinuteMs - 120_000, { measure: "answer_tokens@1" }),
      ]);
      const alarm = evidenceAt(nowMinuteMs - 60_000, {
        status: "alarm",
        says: "refusal rose from 1% to 2%",
        baseline: { n: 0, mean: null },
      });
      const second = conclude([alarm], [findingOf(alarm)]);
      for (const each of [first, second, second, first]) await opened().store.saveConclusions(each);
      const states = await opened().store.readEvidence(detector);
      expect(states.toSorted((a, b) => a.measure.localeCompare(b.measure))).toEqual([first.evidence[1], alarm]);
      expect(await opened().store.readEvidence("another@1")).toEqual([]);
      expect(await opened().store.query("SELECT kind, measure, says FROM findings")).toEqual([
        { kind: "drift", measure: "refusal@1", says: alarm.says },
      ]);
    });
  });
};
