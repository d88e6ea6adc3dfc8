import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import { topics } from "../../../core/topics.ts";
import { CallCensus } from "../../../gateway/census/call-census.ts";
import { BegunJournal } from "../../../gateway/telemetry/begun/begun-journal.ts";
import { createEncodeCall } from "../../../gateway/telemetry/encode-call.ts";
import { createRecorder } from "../../../gateway/telemetry/recorder.ts";
import { startTracer } from "../../../gateway/telemetry/tracer.ts";
import { decodeSpans } from "../../../processors/decode-spans.ts";
import { normaliseCall } from "../../../processors/normalise-call.ts";
import { minuteCell } from "../../../store/cells.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { bareEnd, bareStart, recordCall } from "../telemetry/calls.ts";
import { leaveDead } from "../telemetry/dead-gateway.ts";
import { openTelemetry } from "../telemetry/open-telemetry.ts";
import { openTestBus } from "../telemetry/open-test-bus.ts";
import { tempFolder } from "../telemetry/temp-folder.ts";
import { reportsOn } from "./reports.ts";

const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const name = printable.filter((text) => text.length > 0 && text.length <= 128);

describe("what a gateway counts", () => {
  it("is counted by the store in the same minute, tenant and route, whenever a call starts and however long it takes", async () => {
    const encoded: Uint8Array[] = [];
    const tracing = startTracer({ gatewayId: "g", serviceVersion: "1" });
    const minute = 1_767_225_600;
    const start = fc.record({
      tenant: name,
      route: name,
      startMs: fc.oneof(
        fc.constantFrom(59_999, 59_999.4, 59_999.999, 60_000, 0),
        fc.double({ min: 0, max: 120_000, noNaN: true }),
      ),
      durationMs: fc.double({ min: 0, max: 200_000, noNaN: true }),
    });
    const begun = new BegunJournal({ dir: tempFolder(), gatewayId: "g", log: silentLog, meter: silentMeter });
    fc.assert(
      fc.property(fc.array(start, { minLength: 1, maxLength: 5 }), (starts) => {
        for (const { tenant, route, startMs, durationMs } of starts) {
          const clock = virtualClock(minute * 1_000 + startMs);
          const census = new CallCensus({ clock, meter: silentMeter });
          const recorder = createRecorder({
            tracing,
            clock,
            census,
            begun,
            recordedEnd: (end) => ({ end, contentShed: null }),
            keep: ({ spans }) => encoded.push(createEncodeCall(tracing.origin)(spans)) > 0,
          });
          const open = recorder.start({ ...bareStart, tenant, route });
          clock.advance(durationMs);
          open.end(bareEnd);
          const [span] = decodeSpans(encoded.splice(0)[0] ?? new Uint8Array());
          if (span === undefined) throw new Error("no span was made");
          const call = normaliseCall(span, { topic: "t", partition: 0, offset: 0, index: 0 });
          expect(census.changes()).toMatchObject([
            { minute: minuteCell(call.startedAtNs), tenant: call.tenant, route: call.route, finished: 1 },
          ]);
          expect(call.gatewaySeq).toBe(1);
        }
      }),
    );
    await tracing.stop();
  });

  it("includes calls whose records the spool does not keep", async () => {
    const bus = openTestBus();
    bus.setOutage(new PlumblineError("bus.unavailable", "the bus is down"));
    const clock = virtualClock();
    const config = { whenFull: "serve_and_count", budgetBytes: 4_096 } as const;
    const telemetry = await openTelemetry({ dir: tempFolder(), bus, clock, gatewayId: "g", config });
    for (let call = 0; call < 50; call += 1) {
      recordCall(telemetry.recorder, 500);
    }
    bus.setOutage(null);
    const told = async (): Promise<void> => {
      while ((reportsOn(bus).at(-1)?.finished ?? 0) === 0) {
        await nextTurn();
      }
    };
    await clock.advanceUntil(told(), 500);
    const report = reportsOn(bus).at(-1);
    expect(report).toMatchObject({ finished: 50 });
    expect(report?.counts.reduce((sum, { finished }) => sum + finished, 0)).toBe(50);
    await clock.advanceUntil(telemetry.flush(), 500);
    expect(await bus.lastSequence(topics.spans, "g")).toBeLessThan(50);
  });
});

describe("a dead gateway", () => {
  it("is said good-bye for when all that it left is on the bus, and not before", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    bus.setOutage(new PlumblineError("bus.unavailable", "the bus is down"));
    await leaveDead({ dir, bus, gatewayId: "dead", count: 3 });
    bus.setOutage(null);
    const order: string[] = [];
    const publish = bus.publish;
    const noting = {
      ...bus,
      publish: async (message: Parameters<typeof publish>[0]) => {
        await publish(message);
        const isOfDead = message.key === "dead" || message.producer?.id === "dead";
        order.push(...(isOfDead ? [message.topic] : []));
      },
    };
    const telemetry = await openTelemetry({ dir, bus: noting, clock: systemClock, gatewayId: "heir" });
    await telemetry.flush();
    expect(order).toEqual([topics.spans, topics.census]);
    expect(reportsOn(bus).filter(({ gatewayId }) => gatewayId === "dead")).toMatchObject([
      { isLast: true, finished: 0, waiting: 0, counts: [] },
    ]);
  });
});
