import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedBusConfig } from "../../bus/config.ts";
import { openEmbeddedBus } from "../../bus/embedded.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentMeter } from "../../core/instruments.ts";
import { silentLog } from "../../core/log.ts";
import { processorsConfig } from "../../processors/config.ts";
import { startProcessors } from "../../processors/processors.ts";
import { openEmbeddedStore } from "../../store/clickhouse.ts";
import { embeddedStoreConfig } from "../../store/config.ts";
import type { Figure } from "../figure.ts";
import { medianFigure } from "../figure.ts";
import { residentMb } from "../gateway/processes.ts";
import { recordCalls } from "./record-calls.ts";

const rounds = 5;
const callsPerRound = 50_000;

type Report = (text: string) => void;

/**
 * Measures the pipeline from spans on the durable bus to rows and rollups in the store, in one process on all cores: each
 * round records calls through the gateway's telemetry, then times how long the processors take to store every one.
 */
export const benchIngest = async (report: Report): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const textBytes of [0, 1_500]) {
    const name = textBytes === 0 ? "ingest.without_text" : "ingest.with_1500_bytes_of_text";
    const rates: number[] = [];
    const recordings: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const { callsPerSecond, microsecondsPerRecord } = await oneRound(textBytes);
      rates.push(callsPerSecond);
      recordings.push(microsecondsPerRecord);
      report(
        `${name} round ${round}: ${callsPerSecond.toFixed(0)} calls/s, ${microsecondsPerRecord.toFixed(0)} us to record one`,
      );
    }
    figures.push(medianFigure(name, "calls/s", rates), medianFigure(`${name}.record_one_call`, "us", recordings));
  }
  figures.push(medianFigure("ingest.rss", "MB", [residentMb(process.pid)]));
  return figures;
};

const oneRound = async (
  textBytes: number,
): Promise<{ readonly callsPerSecond: number; readonly microsecondsPerRecord: number }> => {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  for (const part of ["bus", "spool", "store"]) {
    mkdirSync(join(dir, part));
  }
  const bus = await openEmbeddedBus({
    dir: join(dir, "bus"),
    config: embeddedBusConfig.parse({}),
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
  });
  const microsecondsPerRecord = await recordCalls({ bus, dir: join(dir, "spool"), calls: callsPerRound, textBytes });
  const store = await openEmbeddedStore({
    dir: join(dir, "store"),
    config: embeddedStoreConfig.parse({}),
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
  });
  await store.migrate();
  const startedMs = performance.now();
  const processors = startProcessors({
    bus,
    store,
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: processorsConfig.parse({ lingerMs: 50 }),
    version: "bench",
  });
  await untilStored(store.query);
  const callsPerSecond = (callsPerRound * 1000) / (performance.now() - startedMs);
  await processors.stop();
  await bus.close();
  await store.close();
  rmSync(dir, { recursive: true, force: true });
  return { callsPerSecond, microsecondsPerRecord };
};

/** Waits until the rollup holds every call; a count that overshoots is a defect and ends the bench. */
const untilStored = async (
  query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>,
): Promise<void> => {
  for (;;) {
    const [row] = await query("SELECT sum(calls) AS stored FROM calls_1m");
    const stored = Number(row?.["stored"]);
    if (stored > callsPerRound) {
      throw new Error(`${stored} calls are stored of ${callsPerRound} recorded`);
    }
    if (stored === callsPerRound) {
      return;
    }
    await systemClock.sleep(20);
  }
};
