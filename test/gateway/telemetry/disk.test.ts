import { readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlumblineError } from "../../../core/errors.ts";
import type { Meter } from "../../../core/instruments.ts";
import { topics } from "../../../core/topics.ts";
import type { WriteAt } from "../../../gateway/telemetry/segment-writer.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { recordCall } from "./calls.ts";
import { callIdsOf } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");
const noSpace = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });

/** A disk that writes whole, half, or half and then no more, as told. */
const fickleDisk = (next: () => "whole" | "half" | "full"): WriteAt => {
  return (fd, bytes, position) => {
    const kind = next();
    if (kind === "whole") {
      return writeSync(fd, bytes, 0, bytes.length, position);
    }
    const half = writeSync(fd, bytes, 0, Math.ceil(bytes.length / 2), position);
    if (kind === "full") {
      throw noSpace;
    }
    return half;
  };
};

describe("a disk that cannot be written", () => {
  it("costs no call: they wait in memory, in order, and are shipped from there", async () => {
    const bus = openTestBus();
    const log = keepingLog();
    const time = virtualClock();
    let kind: "whole" | "full" = "whole";
    let errors = 0;
    const meter: Meter = {
      add: (instrument, value, labels) => {
        errors += instrument === "spoolErrors" && labels?.["code"] === "spool.unwritable" ? value : 0;
      },
      set: () => {},
      observe: () => {},
    };
    const writeAt = fickleDisk(() => kind);
    const { recorder, flush } = await openTelemetry({
      dir: tempFolder(),
      bus,
      clock: time,
      gatewayId: "g",
      log,
      meter,
      writeAt,
    });
    const ids = [recordCall(recorder), recordCall(recorder)];
    kind = "full";
    ids.push(recordCall(recorder), recordCall(recorder));
    await flush();
    kind = "whole";
    ids.push(recordCall(recorder));
    await flush();
    expect(callIdsOf(bus.recordsOf(topics.spans))).toEqual(ids);
    expect(errors).toBeGreaterThan(0);
    expect(log.lines).toEqual([
      "warn: calls under way cannot be noted: a kill of the gateway would leave them without a record",
      "error: the spool cannot be written: calls wait in memory",
      "info: calls under way are noted again",
      "info: the spool is written again",
    ]);
  });

  it("refuses new calls when memory is full of them, until it can be written again", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    const time = virtualClock();
    let kind: "whole" | "full" = "full";
    const writeAt = fickleDisk(() => kind);
    bus.setOutage(down);
    const open = (gatewayId: string) =>
      openTelemetry({ dir, bus, clock: time, gatewayId, writeAt, config: { memoryBytes: 4096 } });
    const first = await open("a");
    const ids = [recordCall(first.recorder, 2000)];
    expect(first.hasRoom()).toEqual({ ok: true });
    ids.push(recordCall(first.recorder, 2000));
    expect(first.hasRoom()).toMatchObject({ ok: false });
    kind = "whole";
    const hasRoomAgain = async (): Promise<void> => {
      while (!first.hasRoom().ok) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await time.advanceUntil(hasRoomAgain(), 100);
    await time.advanceUntil(first.stop(), 100);
    bus.setOutage(null);
    await (await open("b")).flush();
    expect(callIdsOf(bus.recordsOf(topics.spans))).toEqual(ids);
  });

  it("that gives back other bytes than it took loses the calls in them, and tells so", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    const log = keepingLog();
    const time = virtualClock();
    bus.setOutage(down);
    const config = { segmentBytes: 4096 };
    const { recorder, flush, hasRoom } = await openTelemetry({ dir, bus, clock: time, gatewayId: "g", log, config });
    const ids = Array.from({ length: 12 }, () => recordCall(recorder, 1000));
    const names = readdirSync(dir).filter((name) => name.endsWith(".spool"));
    const sequences = names.map((name) => Number(name.slice("g-".length, -".spool".length))).sort((a, b) => a - b);
    const [, second = 0, third = 0] = sequences;
    const path = join(dir, `g-${second}.spool`);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(7, 20, 30));
    bus.setOutage(null);
    await time.advanceUntil(flush(), 100);
    const shipped = callIdsOf(bus.recordsOf(topics.spans));
    expect(shipped).toEqual([...ids.slice(0, second - 1), ...ids.slice(third - 1)]);
    expect(log.lines).toContain("error: a spool file is damaged: calls in it were not shipped");
    expect(readdirSync(dir)).toContain(`g-${second}.spool.corrupt`);
    expect(hasRoom()).toEqual({ ok: true });
  });

  it("costs no call and doubles none, whatever it and the bus do in whatever order, over a restart as well", async () => {
    const step = fc.record({
      calls: fc.integer({ min: 0, max: 4 }),
      disk: fc.constantFrom("whole", "half", "full"),
      isBusDown: fc.boolean(),
      advanceMs: fc.constantFrom(0, 100, 20_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const dir = tempFolder();
        const bus = openTestBus();
        const time = virtualClock();
        let disk: "whole" | "half" | "full" = "whole";
        const open = (gatewayId: string) =>
          openTelemetry({
            dir,
            bus,
            clock: time,
            gatewayId,
            writeAt: fickleDisk(() => disk),
            config: { segmentBytes: 4096 },
          });
        const first = await open("a");
        const ids: string[] = [];
        for (const { calls, isBusDown, advanceMs, ...rest } of steps) {
          disk = rest.disk;
          bus.setOutage(isBusDown ? down : null);
          for (let count = 0; count < calls; count += 1) {
            ids.push(recordCall(first.recorder, 700));
          }
          time.advance(advanceMs);
          await new Promise((resolve) => setImmediate(resolve));
        }
        disk = "half";
        await time.advanceUntil(first.stop(), 100);
        bus.setOutage(null);
        const second = await open("b");
        await time.advanceUntil(second.flush(), 100);
        await second.stop();
        expect(callIdsOf(bus.recordsOf(topics.spans))).toEqual(ids);
      }),
      { numRuns: 30, interruptAfterTimeLimit: 10_000, markInterruptAsFailure: true },
    );
  });
});
