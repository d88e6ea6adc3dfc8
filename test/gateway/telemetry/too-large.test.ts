import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { topics } from "../../../core/topics.ts";
import { recordCall } from "./calls.ts";
import { countingMeter } from "./counting-meter.ts";
import { callIdsOf, sequencesOf } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const clock = systemClock;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const spoolNames = (dir: string): readonly string[] => readdirSync(dir).sort();

describe("shipping to a bus that takes less than a record is long", () => {
  it("cuts records that are too large for the bus, and of a call that is too large alone the text", async () => {
    const dir = tempFolder();
    const bus = openTestBus({ maxRecordBytes: 5000 });
    const log = keepingLog();
    const { meter, counts } = countingMeter();
    const config = { lingerMs: 60_000 };
    const census = { stopMs: 60_000 };
    const { recorder, flush, stop } = await openTelemetry({
      dir,
      bus,
      clock,
      gatewayId: "g",
      log,
      meter,
      config,
      census,
    });
    const small = upTo(9).map(() => recordCall(recorder, 500));
    const large = [recordCall(recorder, 6000), recordCall(recorder, 16_000)];
    const after = recordCall(recorder);
    await flush();
    const records = bus.recordsOf(topics.spans);
    expect(callIdsOf(records)).toEqual([...small, ...large, after]);
    expect(sequencesOf(records)).toEqual(upTo(12));
    expect(await bus.lastSequence(topics.spans, "g")).toBe(12);
    expect(counts()).toMatchObject({ "spoolCut bus": 2, spoolShipped: 12 });
    await stop();
    expect(spoolNames(dir)).toEqual([]);
    expect(log.lines).toEqual([
      "warn: calls are longer than the bus takes: their text is cut, lower gateway.spool.maxRecordBytes",
    ]);
  });

  it("moves a call to a file when its numbers alone are too large for the bus", async () => {
    const dir = tempFolder();
    const bus = openTestBus({ maxRecordBytes: 1024 });
    const log = keepingLog();
    const { recorder, flush, stop } = await openTelemetry({ dir, bus, clock, gatewayId: "g", log });
    const call = recordCall(recorder, 6000);
    await flush();
    await stop();
    expect(spoolNames(dir)).toEqual(["g-1.rejected"]);
    expect(callIdsOf([{ value: readFileSync(join(dir, "g-1.rejected")) }])).toEqual([call]);
    expect(log.lines).toContain("error: a call is too large for the bus: it was moved to a file");
  });
});
