import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { genAi, plumbline } from "../../core/attributes.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { silentMeter } from "../../core/instruments.ts";
import { silentLog } from "../../core/log.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { processorsConfig } from "../../processors/config.ts";
import type { Processors } from "../../processors/processors.ts";
import { startProcessors } from "../../processors/processors.ts";
import type { AppendOptions, Batch, Store } from "../../store/store.ts";
import type { Engine, OpenedStore } from "../store/open-engine.ts";
import { makeEngine } from "../store/open-engine.ts";
import type { MemoryBus } from "../support/memory-bus.ts";
import { openMemoryBus } from "../support/memory-bus.ts";
import { otlpBytes } from "./otlp-bytes.ts";

let engine: Engine;
let opened: OpenedStore;
let bus: MemoryBus;
let databases = 0;

beforeAll(async () => {
  engine = await makeEngine();
});
afterAll(async () => {
  await engine.remove();
});
beforeEach(async () => {
  databases += 1;
  opened = await engine.open(`line_${databases}`);
  await opened.store.migrate();
  bus = openMemoryBus({ clock: systemClock });
});
afterEach(async () => {
  await bus.close();
  await opened.close();
});

/** 15 x 30,000 + 2 x 60,000 nano-dollars at GPT-4's price. */
const nanosOfACall = 570_000;

const spanId = (number: number): string => number.toString(16).padStart(16, "0");

const callBytes = (number: number, model = "gpt-4"): Uint8Array =>
  otlpBytes([
    {
      spanId: spanId(number),
      startNs: BigInt(Date.UTC(2026, 0, 5)) * 1_000_000n,
      endNs: BigInt(Date.UTC(2026, 0, 5)) * 1_000_000n + 5_000_000n,
      attributes: {
        [plumbline.span]: "call",
        [genAi.providerName]: "openai",
        [genAi.requestModel]: model,
        [genAi.inputTokens]: 15,
        [genAi.outputTokens]: 2,
      },
    },
  ]);

const publish = (value: Uint8Array): Promise<void> => bus.publish({ topic: topics.spans, key: null, value });

const start = (store: Store): Processors =>
  startProcessors({
    bus,
    store,
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: processorsConfig.parse({ lingerMs: 10, retryMs: 1, maxRetryMs: 4 }),
    version: "test",
  });

/** The real store behind a door: `before` may throw in place of an append, `after` behind one that was made. */
const doorOf = (door: {
  readonly before?: (batch: Batch, options: AppendOptions) => void;
  readonly after?: () => void;
}): Store => ({
  migrate: () => opened.store.migrate(),
  ask: (question, parameters) => opened.store.ask(question, parameters),
  query: (sql) => opened.store.query(sql),
  close: () => opened.store.close(),
  append: async (batch, options) => {
    door.before?.(batch, options);
    await opened.store.append(batch, options);
    door.after?.();
  },
});

/** Calls and nano-dollars, in the table and in the rollup. */
const stored = async (): Promise<readonly number[]> => {
  const [row = {}] = await opened.store.query(
    `SELECT (SELECT count() FROM calls) AS calls, (SELECT sum(cost_nanos) FROM calls) AS nanos,
  (SELECT sum(r.calls) FROM calls_1m AS r) AS rollup_calls, (SELECT sum(r.cost_nanos) FROM calls_1m AS r) AS rollup_nanos`,
  );
  return Object.values(row).map(Number);
};

const exactly = (calls: number): readonly number[] => [calls, calls * nanosOfACall, calls, calls * nanosOfACall];

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  while (!(await isDone())) {
    await new Promise(setImmediate);
  }
};

const hasStored = (calls: number) => async (): Promise<boolean> => (await stored())[2] === calls;

describe("the line", () => {
  test("stores the calls around an undecodable record, and sends that one to dead letters with its reason and place", async () => {
    const rubbish = Uint8Array.of(0x0a, 0xff, 0x01);
    for (const value of [callBytes(1), rubbish, callBytes(2)]) {
      await publish(value);
    }
    const processors = start(opened.store);
    await until(async () => (await hasStored(2)()) && bus.recordsOf(topics.deadLetters).length === 1);
    await processors.stop();
    expect(await stored()).toEqual(exactly(2));
    expect(bus.recordsOf(topics.deadLetters)).toMatchObject([
      {
        headers: {
          [deadLetterHeaders.code]: "span.undecodable",
          [deadLetterHeaders.reason]: expect.stringContaining("not an OTLP trace request"),
          [deadLetterHeaders.topic]: topics.spans,
          [deadLetterHeaders.partition]: "0",
          [deadLetterHeaders.offset]: "1",
          [deadLetterHeaders.version]: "test",
        },
      },
    ]);
    expect(bus.recordsOf(topics.deadLetters).map(({ value }) => [...value])).toEqual([[...rubbish]]);
  });

  test("finds the one record that the store refuses for good, and stores all others once", async () => {
    for (let number = 1; number <= 9; number += 1) {
      await publish(callBytes(number, number === 6 ? "poison" : "gpt-4"));
    }
    const refusing = doorOf({
      before: ({ calls }) => {
        if (calls.some((call) => call.modelRequested === "poison")) {
          throw new PlumblineError("store.rejected", "no poison here");
        }
      },
    });
    const processors = start(refusing);
    await until(async () => (await hasStored(8)()) && bus.recordsOf(topics.deadLetters).length === 1);
    await processors.stop();
    expect(await stored()).toEqual(exactly(8));
    expect(bus.recordsOf(topics.deadLetters)[0]?.headers).toMatchObject({
      [deadLetterHeaders.code]: "store.rejected",
      [deadLetterHeaders.offset]: "5",
    });
  });

  test("waits while the store is away, and counts once what was stored before an error said otherwise", async () => {
    let failures = 3;
    const flaky = doorOf({
      after: () => {
        failures -= 1;
        if (failures >= 0) {
          throw new PlumblineError("store.unavailable", "the answer was lost");
        }
      },
    });
    await publish(callBytes(1));
    const processors = start(flaky);
    await until(() => Promise.resolve(failures < 0));
    await processors.stop();
    expect(await stored()).toEqual(exactly(1));
  });

  test("repeats the same range as a repeat after it died between insert and commit", async () => {
    const seen: (readonly [number, number, string])[] = [];
    await publish(callBytes(1));
    await publish(callBytes(2));
    const dying = start(
      doorOf({
        after: () => {
          throw new PlumblineError("store.unavailable", "the process is about to die");
        },
      }),
    );
    await until(hasStored(2));
    await dying.stop();
    await publish(callBytes(3));
    const next = start(doorOf({ before: ({ start: from, end }, { delivery }) => seen.push([from, end, delivery]) }));
    await until(hasStored(3));
    await next.stop();
    expect(seen).toEqual([
      [0, 2, "repeated"],
      [2, 3, "first"],
    ]);
    expect(await stored()).toEqual(exactly(3));
  });
});
