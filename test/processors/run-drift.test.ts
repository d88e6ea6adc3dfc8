import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../../core/call.ts";
import { silentMeter } from "../../core/instruments.ts";
import { processorsConfig } from "../../processors/config.ts";
import { driftDetector } from "../../processors/detect-drift.ts";
import { DriftWatch } from "../../processors/run-drift.ts";
import { batchOf, callAt } from "../store/batches.ts";
import type { Engine, OpenedStore } from "../store/open-engine.ts";
import { makeEngine } from "../store/open-engine.ts";
import { openMemoryBus } from "../support/memory-bus.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { keptLog } from "./set-up-line.ts";

let engine: Engine;
let opened: OpenedStore;
let databases = 0;

beforeAll(async () => {
  engine = await makeEngine();
});

beforeEach(async () => {
  databases += 1;
  opened = await engine.open(`drift_${databases}`);
  await opened.store.migrate();
});

afterEach(() => opened.close());

afterAll(() => engine.remove());

const minuteMs = 60_000;
const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - 3_600_000;
let offset = 0;

/** Stores the calls of a minute; of each it is told whether it was refused. */
const given = async (minute: number, of: string | Partial<Call>, refused: readonly boolean[]): Promise<void> => {
  const calls: readonly Call[] = refused.map((isRefused, index) => {
    offset += 1;
    return callAt(offset, {
      ...(typeof of === "string" ? { modelServed: of } : of),
      startedAtNs: BigInt(startMs + minute * minuteMs + index) * 1_000_000n,
      measures: { "answer_refusal_score@1": isRefused ? 0.9 : 0, "answer_language@1=en": 1 },
    });
  });
  await opened.store.append(batchOf(calls), { delivery: "first" });
};

const refusals = (count: number, of: number): readonly boolean[] =>
  Array.from({ length: of }, (_, index) => index < count);

const clock = virtualClock(startMs);

const watch = (store = opened.store) => {
  const log = keptLog();
  const config = processorsConfig.parse({ drift: { baselineAnswers: 200, leastAnswers: 100, closeSeconds: 0 } });
  const bus = openMemoryBus({ clock });
  const drift = new DriftWatch({ bus, store, clock, log: log.log, meter: silentMeter, config, version: "test" });
  return { look: () => drift.look(), lines: log.lines };
};

const until = (minute: number): void => {
  clock.advance(startMs + minute * minuteMs - clock.nowMs());
};

const range = { fromMs: startMs, toMs: startMs + 3_600_000, stepSeconds: 3_600, where: {} };
const findings = () => opened.store.ask("findings", range);

describe("answers that are compared with those of before", () => {
  test("of a new version of a model raise a finding in the first minute that is over, and none before", async () => {
    const drift = watch();
    for (const minute of [0, 1, 2, 3]) await given(minute, "gpt-4-0314", refusals(1, 50));
    await given(4, "gpt-4-0613", refusals(30, 60));
    until(4);
    await drift.look();
    expect(await findings()).toEqual([]);
    until(5);
    await drift.look();
    expect(await findings()).toMatchObject([
      {
        kind: "drift",
        model: "gpt-4-0613",
        measure: "answer_refusal_score@1",
        reference: "the version before, gpt-4-0314",
        current_n: "60",
        baseline_n: "200",
        says: expect.stringMatching(/^answer refusal score median (rose|stayed)/),
      },
    ]);
    expect(drift.lines).toEqual(["warn: answers have changed"]);
    const [worst] = await opened.store.ask("drift", range);
    expect(worst).toMatchObject({ model: "gpt-4-0613", status: "alarm" });
  });

  test("under an edited prompt raise a finding that says that the prompt changed", async () => {
    const prompt = (systemPromptHash: string) => ({ modelServed: "gpt-4-0613", promptVersion: null, systemPromptHash });
    const drift = watch();
    for (const minute of [0, 1, 2, 3]) await given(minute, prompt("1f00"), refusals(1, 50));
    await given(4, prompt("2e00"), refusals(30, 60));
    until(5);
    await drift.look();
    expect(await findings()).toMatchObject([
      { model: "gpt-4-0613", prompt: "2e", reference: "before the prompt changed from 1f to 2e", current_n: "60" },
    ]);
  });

  test("by another process after a crash give the same, once, and go on from what is stored", async () => {
    const lost = { ...opened.store, saveConclusions: () => Promise.reject(new Error("killed")) };
    for (const minute of [0, 1, 2, 3, 4]) await given(minute, "gpt-4-0613", refusals(1, 50));
    until(5);
    await watch().look();
    await given(5, "gpt-4-0613", refusals(50, 50));
    until(6);
    await expect(watch(lost).look()).rejects.toThrow("killed");
    await Promise.all([watch().look(), watch().look()]);
    await watch().look();
    expect(await findings()).toMatchObject([{ current_n: "100", baseline_n: "200" }]);
    const states = await opened.store.query(
      "SELECT measure, count() AS rows, uniqExact(minute) AS minutes FROM evidence GROUP BY measure ORDER BY measure",
    );
    expect(states.map(({ rows, minutes }) => [rows, minutes])).toEqual([
      ["6", "6"],
      ["6", "6"],
    ]);
    expect(await opened.store.readEvidence(driftDetector)).toHaveLength(2);
  });
});
