import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bus } from "../../bus/bus.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentMeter } from "../../core/instruments.ts";
import { silentLog } from "../../core/log.ts";
import { processorsConfig } from "../../processors/config.ts";
import type { Processors } from "../../processors/processors.ts";
import { startProcessors } from "../../processors/processors.ts";
import { openEmbeddedStore } from "../../store/clickhouse.ts";
import { embeddedStoreConfig } from "../../store/config.ts";
import type { Store } from "../../store/store.ts";
import type { Figure } from "../figure.ts";
import { medianFigure } from "../figure.ts";
import { residentMb } from "../gateway/processes.ts";
import type { BenchedBus } from "./benched-bus.ts";
import { benchEmbedded, benchKafka } from "./benched-bus.ts";
import { recordCalls, recordLive } from "./record-calls.ts";

const rounds = 5;
const callsPerRound = 100_000;
const backlogCalls = 150_000;
/** Calls that come in each second while the backlog is worked off. */
const liveRate = 1_000;

type Report = (text: string) => void;

interface Form {
  readonly name: string;
  readonly open: (dir: string) => Promise<BenchedBus>;
}

const forms: readonly Form[] = [
  { name: "ingest", open: benchEmbedded },
  { name: "ingest.kafka", open: benchKafka },
];

/**
 * Measures the pipeline from spans on the durable bus to rows and rollups in the store, broker and store included, on all
 * cores: each round records calls through the gateway's telemetry, then times how long the processors take from the first
 * rows to the last. The backlog is worked off while calls go on coming.
 */
export const benchIngest = async (report: Report): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  const memory: number[] = [];
  for (const form of forms) {
    for (const textBytes of [0, 1_500]) {
      const name = `${form.name}.${textBytes === 0 ? "without_text" : "with_1500_bytes_of_text"}`;
      figures.push(...(await benchRounds(form, { name, textBytes, report, memory })));
    }
    const over = await backlogOverLive(form);
    report(`${form.name}.backlog_over_live: ${over.toFixed(1)}`);
    figures.push(medianFigure(`${form.name}.backlog_over_live`, "ratio", [over]));
  }
  figures.push(medianFigure("ingest.rss", "MB", [residentMb(process.pid)]));
  // Of all rounds after the first the last against the one before the middle: flat is about 1.
  const growth = (memory.at(-1) ?? Number.NaN) / (memory[Math.floor(memory.length / 2)] ?? Number.NaN);
  figures.push(medianFigure("ingest.rss_last_over_middle", "growth", [growth]));
  return figures;
};

const benchRounds = async (
  form: Form,
  args: { readonly name: string; readonly textBytes: number; readonly report: Report; readonly memory: number[] },
): Promise<readonly Figure[]> => {
  const { name, textBytes, report } = args;
  const results: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const result = await oneRound(form, textBytes);
    results.push(result);
    args.memory.push(residentMb(process.pid));
    report(`${name} round ${round}: ${result.rate.toFixed(0)} calls/s, ${residentMb(process.pid).toFixed(0)} MB`);
  }
  const of = (pick: (round: Round) => number): readonly number[] => results.map(pick);
  return [
    medianFigure(
      name,
      "calls/s",
      of(({ rate }) => rate),
    ),
    medianFigure(
      `${name}.record_one_call`,
      "us",
      of(({ recordUs }) => recordUs),
    ),
    medianFigure(
      `${name}.stored_bytes_per_call`,
      "B",
      of(({ storedBytes }) => storedBytes),
    ),
  ];
};

interface Round {
  /** Calls stored in a second. */
  readonly rate: number;
  /** Microseconds to record a call. */
  readonly recordUs: number;
  /** Bytes on disk of a call in all tables, compressed. */
  readonly storedBytes: number;
}

const oneRound = (form: Form, textBytes: number): Promise<Round> =>
  inFolder(async (dir) => {
    const benched = await form.open(dir);
    const { bus } = benched;
    const recordUs = await recordCalls({ bus, dir: join(dir, "spool"), calls: callsPerRound, textBytes });
    const store = await openStore(dir);
    const processors = runProcessors(bus, store);
    // What it takes to join a group once is no part of a rate.
    const first = await untilStored(store.query, 1, { isAtLeast: true });
    const startedMs = performance.now();
    await untilStored(store.query, callsPerRound);
    const rate = ((callsPerRound - first) * 1000) / (performance.now() - startedMs);
    const [row] = await store.query("SELECT sum(p.bytes_on_disk) AS bytes FROM system.parts AS p WHERE p.active");
    await processors.stop();
    await benched.close();
    await store.close();
    return { rate, recordUs, storedBytes: Number(row?.["bytes"]) / callsPerRound };
  });

/** How many times as fast as calls come in the pipeline stores them while it works off a backlog. */
const backlogOverLive = (form: Form): Promise<number> =>
  inFolder(async (dir) => {
    const benched = await form.open(dir);
    const { bus } = benched;
    await recordCalls({ bus, dir: join(dir, "spool"), calls: backlogCalls, textBytes: 0 });
    const store = await openStore(dir);
    const startedMs = performance.now();
    const live = recordLive({ bus, dir: join(dir, "live"), perSecond: liveRate });
    const processors = runProcessors(bus, store);
    const stored = await untilStored(store.query, backlogCalls, { isAtLeast: true });
    const seconds = (performance.now() - startedMs) / 1000;
    const made = await live.stop();
    await untilStored(store.query, backlogCalls + made);
    await processors.stop();
    await benched.close();
    await store.close();
    return stored / seconds / liveRate;
  });

const inFolder = async <T>(use: (dir: string) => Promise<T>): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  for (const part of ["spool", "live", "store"]) {
    mkdirSync(join(dir, part));
  }
  try {
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

const openStore = async (dir: string): Promise<Store> => {
  const store = await openEmbeddedStore({
    dir: join(dir, "store"),
    config: embeddedStoreConfig.parse({}),
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
  });
  await store.migrate();
  return store;
};

const runProcessors = (bus: Bus, store: Store): Processors =>
  startProcessors({
    bus,
    store,
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: processorsConfig.parse({ lingerMs: 50 }),
    version: "bench",
  });

/** Waits until the rollup holds every call; a count that overshoots is a defect and ends the bench. Returns the count. */
const untilStored = async (
  query: Store["query"],
  calls: number,
  { isAtLeast = false }: { readonly isAtLeast?: boolean } = {},
): Promise<number> => {
  for (;;) {
    const [row] = await query("SELECT sum(calls) AS stored FROM calls_1m");
    const stored = Number(row?.["stored"]);
    if (stored > calls && !isAtLeast) {
      throw new Error(`${stored} calls are stored of ${calls} recorded`);
    }
    if (stored >= calls) {
      return stored;
    }
    await systemClock.sleep(20);
  }
};
