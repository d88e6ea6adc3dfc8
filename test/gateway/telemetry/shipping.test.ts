import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { topics } from "../../../core/topics.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { bareEnd, bareStart, recordCall } from "./calls.ts";
import { callIdsOf, decodeRequest, sequencesOf } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");
const clock = systemClock;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const spoolNames = (dir: string): readonly string[] => readdirSync(dir).sort();

describe("shipping", () => {
  it("puts every finished call on the bus, in order, once, and leaves no file behind", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    const { recorder, flush, stop } = await openTelemetry({ dir, bus, clock, gatewayId: "g" });
    const ids: string[] = [];
    for (const _ of upTo(50)) {
      ids.push(recordCall(recorder));
    }
    await flush();
    const records = bus.recordsOf(topics.spans);
    expect(callIdsOf(records)).toEqual(ids);
    expect(sequencesOf(records)).toEqual(upTo(50));
    expect(await bus.lastSequence(topics.spans, "g")).toBe(50);
    expect(records.map(({ key }) => key)).toEqual(records.map(() => null));
    await stop();
    expect(spoolNames(dir)).toEqual([]);
  });

  it("joins calls: requests one after the other are the request of all their spans", async () => {
    const bus = openTestBus();
    const { recorder, flush } = await openTelemetry({
      dir: tempFolder(),
      bus,
      clock,
      gatewayId: "g",
      config: { maxRecordBytes: 1024 },
    });
    for (const size of upTo(6)) {
      recordCall(recorder, 1000 + size);
      await flush();
    }
    const values = bus.recordsOf(topics.spans).map(({ value }) => value);
    expect(values).toHaveLength(6);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...values), { maxLength: 5 }), (requests) => {
        expect(decodeRequest(Buffer.concat(requests))).toEqual(requests.flatMap(decodeRequest));
      }),
    );
  });

  it("waits for company for the linger time, and not when the record is full or a flush asks", async () => {
    const bus = openTestBus();
    const time = virtualClock();
    const config = { lingerMs: 20, maxRecordBytes: 20_000 };
    const { recorder, flush } = await openTelemetry({ dir: tempFolder(), bus, clock: time, gatewayId: "g", config });
    const first = recordCall(recorder);
    const second = recordCall(recorder);
    const shipped = new Promise<void>((resolve) => {
      bus.consume({
        topic: topics.spans,
        group: "watch",
        onPartition: async ({ read }) => {
          await read({ from: 0, maxRecords: 1, maxBytes: 1, waitMs: 60_000 });
          resolve();
        },
      });
    });
    await time.advanceUntil(shipped, 5);
    expect(bus.recordsOf(topics.spans).map((record) => callIdsOf([record]))).toEqual([[first, second]]);
    const third = recordCall(recorder);
    await flush();
    expect(callIdsOf(bus.recordsOf(topics.spans).slice(1))).toEqual([third]);
  });

  it("goes on recording while the bus is down for long, and ships everything afterwards", async () => {
    const dir = tempFolder();
    const time = virtualClock();
    const bus = openTestBus();
    const log = keepingLog();
    const { recorder, hasRoom, flush } = await openTelemetry({
      dir,
      bus,
      clock: time,
      gatewayId: "g",
      log,
      config: { segmentBytes: 4096 },
    });
    bus.setOutage(down);
    const ids = upTo(300).map(() => recordCall(recorder, 200));
    await time.advanceUntil(
      (async () => {
        while (log.lines.length === 0) {
          await new Promise((resolve) => setImmediate(resolve));
        }
      })(),
      60_000,
    );
    for (const _ of upTo(20)) {
      time.advance(3_600_000);
      ids.push(recordCall(recorder, 200));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(hasRoom()).toEqual({ ok: true });
    expect(spoolNames(dir).filter((name) => name.endsWith(".spool")).length).toBeGreaterThan(10);
    bus.setOutage(null);
    await time.advanceUntil(flush(), 1000);
    expect(callIdsOf(bus.recordsOf(topics.spans))).toEqual(ids);
    expect(log.lines.filter((line) => !line.includes("reports on finished calls"))).toEqual([
      "warn: calls wait in the spool: shipping them fails",
      "info: calls reach the bus again",
    ]);
    expect(spoolNames(dir).filter((name) => name.endsWith(".spool"))).toHaveLength(1);
  });

  it("refuses new calls beyond its budget, records those under way, and takes calls again when they are shipped", async () => {
    const bus = openTestBus();
    const time = virtualClock();
    const { recorder, hasRoom, flush } = await openTelemetry({
      dir: tempFolder(),
      bus,
      clock: time,
      gatewayId: "g",
      config: { budgetBytes: 4096 },
    });
    bus.setOutage(down);
    const underWay = recorder.start(bareStart);
    const ids = [recordCall(recorder, 3000), recordCall(recorder, 3000)];
    expect(hasRoom()).toMatchObject({ ok: false });
    underWay.end(bareEnd);
    bus.setOutage(null);
    await time.advanceUntil(flush(), 1000);
    expect(callIdsOf(bus.recordsOf(topics.spans))).toEqual([...ids, underWay.callId]);
    expect(hasRoom()).toEqual({ ok: true });
  });

  it("repeats a publish whose acknowledgement was lost, and the calls are there once", async () => {
    const bus = openTestBus();
    let losses = 3;
    const forgetful = {
      ...bus,
      publish: async (message: Parameters<typeof bus.publish>[0]) => {
        await bus.publish(message);
        losses -= 1;
        if (losses >= 0) {
          throw down;
        }
      },
    };
    const time = virtualClock();
    const { recorder, flush } = await openTelemetry({ dir: tempFolder(), bus: forgetful, clock: time, gatewayId: "g" });
    const ids = upTo(5).map(() => recordCall(recorder));
    await time.advanceUntil(flush(), 1000);
    ids.push(recordCall(recorder));
    await time.advanceUntil(flush(), 1000);
    expect(callIdsOf(bus.recordsOf(topics.spans))).toEqual(ids);
    expect(losses).toBeLessThan(0);
  });

  it("refuses calls when an earlier process used its id: the bus would take its calls for repeats", async () => {
    const bus = openTestBus();
    const first = await openTelemetry({ dir: tempFolder(), bus, clock, gatewayId: "g" });
    recordCall(first.recorder);
    await first.flush();
    const dir = tempFolder();
    const second = await openTelemetry({ dir, bus, clock, gatewayId: "g" });
    recordCall(second.recorder);
    await expect(second.flush()).rejects.toMatchObject({ code: "data.in_use" });
    expect(second.hasRoom()).toMatchObject({ ok: false });
    expect(spoolNames(dir)).toContain("g-1.spool");
  });
});
