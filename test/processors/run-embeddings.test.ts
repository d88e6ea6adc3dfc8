import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { silentMeter } from "../../core/instruments.ts";
import { processorsConfig } from "../../processors/config.ts";
import { embeddingDetector } from "../../processors/detect-embedding.ts";
import { randomFrom } from "../../processors/drift-draw.ts";
import { EmbeddingSums } from "../../processors/embedding-sums.ts";
import { EmbeddingWatch } from "../../processors/run-embeddings.ts";
import type { Store } from "../../store/store.ts";
import { batchOf, callAt } from "../store/batches.ts";
import type { Engine, OpenedStore } from "../store/open-engine.ts";
import { makeEngine } from "../store/open-engine.ts";
import { openMemoryBus } from "../support/memory-bus.ts";
import { virtualClock } from "../support/virtual-clock.ts";
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
  clock = virtualClock(startMs);
  opened = await engine.open(`embeddings_${databases}`);
  await opened.store.migrate();
});

afterEach(() => opened.close());

afterAll(() => engine.remove());

const minuteMs = 60_000;
const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - 3_600_000;
const perMinute = 12;
const random = randomFrom("the watch of embeddings");
let clock = virtualClock(startMs);
let offset = 0;

/** Stores the answers of some minutes at once. */
const given = async (minutes: readonly number[], modelServed: string, floridShare: number): Promise<void> => {
  const first = offset;
  const sums = new EmbeddingSums({ topic: "otlp_spans", partition: 0, start: first });
  const calls = minutes.flatMap((minute) =>
    Array.from({ length: perMinute }, (_, index) => {
      const startedAtNs = BigInt(startMs + minute * minuteMs + index) * 1_000_000n;
      const call = callAt(offset, { modelServed, startedAtNs });
      offset += 1;
      sums.add(call, answerVector(answerText(random, floridShare)));
      return call;
    }),
  );
  await opened.store.append({ ...batchOf(calls), embeddings: sums.all() }, { delivery: "first" });
};

const watch = (store: Store = opened.store) => {
  const log = keptLog();
  const drift = { baselineAnswers: 200, leastAnswers: 100, closeSeconds: 0 };
  const config = processorsConfig.parse({ drift });
  const bus = openMemoryBus({ clock });
  const embeddings = new EmbeddingWatch({
    bus,
    store,
    clock,
    log: log.log,
    meter: silentMeter,
    config,
    version: "test",
  });
  return { look: () => embeddings.look(), lines: log.lines };
};

const until = (minute: number): void => {
  clock.advance(startMs + minute * minuteMs - clock.nowMs());
};

const minutes = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);
const range = { fromMs: startMs, toMs: startMs + 3_600_000, stepSeconds: 3_600, where: {} };
const findings = () => opened.store.ask("findings", range);
const evidence = async () =>
  (await opened.store.readEvidence(embeddingDetector)).map(({ model, minuteMs: at, logEvidence, status }) => ({
    ...{ model, status, minute: (at - startMs) / minuteMs },
    logEvidence: Number(logEvidence.toFixed(9)),
  }));

describe("the watch of embeddings", () => {
  test("finds a version that words its answers otherwise, and says it once", async () => {
    const { look, lines } = watch();
    await given(minutes(0, 14), "gpt-4-0314", 0);
    until(14);
    await look();
    expect(await findings()).toEqual([]);
    await given(minutes(14, 22), "gpt-4-0613", 0.6);
    until(22);
    await look();
    expect(await findings()).toMatchObject([
      {
        model: "gpt-4-0613",
        measure: "answer_embedding@1",
        reference: "the version before, gpt-4-0314",
        says: expect.stringMatching(/^answer embedding moved by/),
      },
    ]);
    expect(lines).toEqual(["warn: answers are worded otherwise"]);
    await look();
    expect(await findings()).toHaveLength(1);
  });

  test("by another process after a crash gives the same, once, and goes on from what is stored", async () => {
    await given(minutes(0, 16), "gpt-4-0613", 0);
    until(16);
    const lost = { ...opened.store, saveStates: () => Promise.reject(new Error("killed")) };
    await expect(watch(lost).look()).rejects.toThrow("killed");
    const concluded = await evidence();
    expect(concluded).toMatchObject([{ model: "gpt-4-0613", minute: 15, status: "watching" }]);
    const second = watch();
    await second.look();
    expect(await evidence()).toEqual(concluded);
    await given(minutes(16, 20), "gpt-4-0613", 0);
    until(20);
    const third = watch();
    await third.look();
    await second.look();
    const after = await evidence();
    expect(after).toMatchObject([{ minute: 19 }]);
    expect(await opened.store.query("SELECT count() AS n FROM evidence")).toEqual([{ n: "20" }]);
  });
});
