import { describe, expect, test } from "vitest";
import { judgePairs } from "../../../alerts/api/judge-pairs.ts";
import { judgeRequest } from "../../../alerts/api/remote-judge.ts";
import { seededRandom } from "../../../core/random.ts";

const steps = 60;

/** Latencies of a minute each, which swing together, with noise of their own; the experiment's are `factor` times as long. */
const seriesOf = (factor: number, seed = 3) => {
  const random = seededRandom(seed);
  const common = Array.from({ length: steps }, (_, step) => 500 * (1 + 0.5 * Math.sin(step / 5)));
  const noisy = (times: number) => common.map((value) => value * times * Math.exp(0.1 * random.normal()));
  return { control: noisy(1), experiment: noisy(factor) };
};

const metric = (name: string, canary: object = {}, groups: readonly string[] = ["latency"]) => ({
  name,
  groups,
  analysisConfigurations: { canary },
});

const judge = (
  metrics: readonly { readonly name: string }[],
  values: Readonly<Record<string, unknown>>,
  more: object = {},
) =>
  judgePairs(
    judgeRequest.parse({
      canaryConfig: { metrics, ...more },
      scoreThresholds: { pass: 95, marginal: 75 },
      metricSetPairList: metrics.map(({ name }) => ({ name, id: name, tags: {}, values: values[name] })),
    }),
  );

describe("the remote judge", () => {
  test("fails what is higher, in Kayenta's shape", () => {
    const judged = judge([metric("latency", { direction: "increase" })], { latency: seriesOf(1.25) });
    expect(judged).toMatchObject({
      results: [{ name: "latency", classification: "High", resultMetadata: { ratio: expect.closeTo(1.25, 1) } }],
      groupScores: [{ name: "latency", score: 0, classification: "Fail" }],
      score: { score: 0, classification: "Fail" },
    });
  });

  test("passes what is alike though both swing, and what is better in the direction that counts", () => {
    const judged = judge(
      [
        metric("alike"),
        metric("faster", { direction: "increase" }),
        metric("small", { effectSize: { allowedIncrease: 1.5 } }),
      ],
      { alike: seriesOf(1), faster: seriesOf(0.7), small: seriesOf(1.25) },
    );
    expect(judged.results.map(({ classification }) => classification)).toEqual(["Pass", "Pass", "Pass"]);
    expect(judged.score).toMatchObject({ score: 100, classification: "Pass" });
  });

  test("falsely fails hardly ever, at whatever length a growing series is judged", () => {
    const runs = Array.from({ length: 300 }, (_, seed) => {
      const { control, experiment } = seriesOf(1, seed + 1);
      return [10, 20, 30, 40, 50, 60].some((length) => {
        const values = { control: control.slice(0, length), experiment: experiment.slice(0, length) };
        return judge([metric("latency")], { latency: values }).score.score < 100;
      });
    });
    // One in a hundred is promised; of 300 runs ten are beyond all chance.
    expect(runs.filter(Boolean).length).toBeLessThan(10);
  });

  test("scores groups by their weights, and a critical failure or silence as 0", () => {
    const weights = { classifier: { groupWeights: { latency: 30, cost: 70 } } };
    const both = [metric("slow"), metric("cost", {}, ["cost"])];
    const values = { slow: seriesOf(1.5), cost: seriesOf(1), silent: { control: ["NaN"], experiment: [null] } };
    expect(judge(both, values, weights).score).toMatchObject({ score: 70, classification: "Fail" });
    const critical = [metric("slow", { critical: true }), metric("cost", {}, ["cost"])];
    expect(judge(critical, values, weights).score).toMatchObject({
      score: 0,
      classificationReason: expect.stringContaining("slow failed"),
    });
    const silent = [metric("silent"), metric("cost", {}, ["cost"])];
    expect(judge(silent, values, weights).score).toMatchObject({
      score: 0,
      classificationReason: "1 of 2 metrics have no data",
    });
  });
});
