import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { silentMeter } from "../../core/instruments.ts";
import { seededRandom } from "../../core/random.ts";
import { processorsConfig } from "../../processors/config.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import { endpointMeasure } from "../../processors/embedder-measure.ts";
import { createProjection } from "../../processors/embedder-projection.ts";
import { EmbeddingSums } from "../../processors/embedding-sums.ts";
import { EmbeddingWatch } from "../../processors/run-embeddings.ts";
import { batchOf, callAt } from "../store/batches.ts";
import type { Engine, OpenedStore } from "../store/open-engine.ts";
import { makeEngine } from "../store/open-engine.ts";
import { openMemoryBus } from "../support/memory-bus.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { endpointAt } from "./embedded-records.ts";
import { keptLog } from "./set-up-line.ts";
import { answerText, answerVector } from "./worded-answers.ts";

let engine: Engine;
let opened: OpenedStore;
let databases = 0;

beforeAll(async () => {
  engine = await makeEngine();
});

beforeEach(async () => {
  databases += 1;
  opened = await engine.open(`embedder_drift_${databases}`);
  await opened.store.migrate();
});

afterEach(() => opened.close());

afterAll(() => engine.remove());

const minuteMs = 60_000;
const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - 3_600_000;
const dimensions = 700;
const project = createProjection(dimensions);
const { normal } = seededRandom(11);
const random = randomFrom("what answers mean");
const topics = [0, 1].map(() => Array.from({ length: dimensions }, normal));

/** The vector of an answer about one of two things, as far from others about it as models place them. */
const meaningOf = (topic: number): Float32Array =>
  project((topics[topic] ?? []).map((value) => value + normal())) ?? new Float32Array(0);

/** What is stored of some minutes of answers in the same words as ever, about one thing. */
const minutesAbout = (
  [from, to]: readonly [number, number],
  { topic, embedder }: { readonly topic: number; readonly embedder: string },
) => {
  const range = { topic: "otlp_spans", partition: 0, start: from * perMinute };
  const own = new EmbeddingSums(range);
  const byEndpoint = new EmbeddingSums(range, endpointMeasure(endpointAt(1, { dimensions }), embedder));
  const calls = Array.from({ length: (to - from) * perMinute }, (_, index) => {
    const offset = range.start + index;
    const startedAtNs = BigInt(startMs + Math.floor(offset / perMinute) * minuteMs) * 1_000_000n;
    const call = callAt(offset, { modelServed: "m-1", startedAtNs });
    own.add(call, answerVector(answerText(random, 0)));
    byEndpoint.add(call, meaningOf(topic));
    return call;
  });
  return { ...batchOf(calls), embeddings: [...own.all(), ...byEndpoint.all()] };
};

const perMinute = 12;
const questionRange = { fromMs: startMs, toMs: startMs + 3_600_000, stepSeconds: 3_600, where: {} };

/** Compares everything that is stored, and returns what was found. */
const found = async () => {
  const clock = virtualClock(startMs + 3_600_000);
  const drift = { baselineAnswers: 200, leastAnswers: 100, closeSeconds: 0 };
  const watch = new EmbeddingWatch({
    ...{ bus: openMemoryBus({ clock }), store: opened.store, clock, log: keptLog().log, meter: silentMeter },
    ...{ config: processorsConfig.parse({ drift }), version: "test" },
  });
  await watch.look();
  return opened.store.ask("findings", questionRange);
};

describe("the embeddings of an endpoint", () => {
  test("tell that answers mean something else in the words of before, and those of our own do not", async () => {
    for (const [minutes, topic] of [
      [[0, 20], 0],
      [[20, 40], 1],
    ] as const)
      await opened.store.append(minutesAbout(minutes, { topic, embedder: "emb-1" }), { delivery: "first" });
    expect(await found()).toMatchObject([
      {
        measure: expect.stringMatching(/^answer_embedding:emb-1~/),
        says: expect.stringMatching(/^answer embedding by emb-1 moved by/),
      },
    ]);
  });

  test("by another model begin anew: that vectors differ is no change of answers", async () => {
    for (const [minutes, topic, embedder] of [
      [[0, 20], 0, "emb-1"],
      [[20, 40], 1, "emb-2"],
    ] as const)
      await opened.store.append(minutesAbout(minutes, { topic, embedder }), { delivery: "first" });
    expect(await found()).toEqual([]);
  });
});
