import { writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { genAi } from "../../../core/attributes.ts";
import type { Clock } from "../../../core/clock.ts";
import { PlumblineError } from "../../../core/errors.ts";
import type { CallRecorder } from "../../../gateway/call-recorder.ts";
import type { MemoryBus } from "../../support/memory-bus.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { bareAttempt, bareAttemptEnd, bareEnd, bareStart } from "./calls.ts";
import { callsOn } from "./calls-on.ts";
import type { DecodedSpan } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");
const full = new PlumblineError("bus.full", "the bus is full");
const noSpace = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
const hourMs = 3_600_000;

/** What was recorded: calls in order, and their tokens. */
class Ledger {
  readonly ids: string[] = [];
  input = 0;
  output = 0;

  record(recorder: CallRecorder): void {
    const inputTokens = 10 + (this.ids.length % 7);
    const outputTokens = 1 + (this.ids.length % 90);
    const call = recorder.start(bareStart);
    call.startAttempt(bareAttempt).end(bareAttemptEnd);
    call.end({ ...bareEnd, usage: { ...bareEnd.usage, inputTokens, outputTokens, source: "provider" } });
    this.ids.push(call.callId);
    this.input += inputTokens;
    this.output += outputTokens;
  }
}

const sum = (calls: readonly DecodedSpan[], name: string): number =>
  calls.reduce((total, { attributes }) => total + Number(attributes[name]), 0);

/** The bus has what was recorded: every call, in order, once, with its tokens. */
const expectExact = (bus: MemoryBus, ledger: Ledger): void => {
  const calls = callsOn(bus);
  expect(calls.map(({ spanId }) => spanId)).toEqual(ledger.ids);
  expect([sum(calls, genAi.inputTokens), sum(calls, genAi.outputTokens)]).toEqual([ledger.input, ledger.output]);
};

const open = async (args: { readonly bus?: MemoryBus; readonly clock?: Clock } = {}) => {
  const bus = args.bus ?? openTestBus();
  const time = virtualClock();
  const log = keepingLog();
  let disk: "works" | "full" = "works";
  const telemetry = await openTelemetry({
    dir: tempFolder(),
    bus,
    clock: args.clock ?? time,
    gatewayId: "g",
    log,
    config: { segmentBytes: 8_192 },
    writeAt: (fd, bytes, position) => {
      if (disk === "full") {
        throw noSpace;
      }
      return writeSync(fd, bytes, 0, bytes.length, position);
    },
  });
  const setDisk = (state: "works" | "full"): void => {
    disk = state;
  };
  return { ...telemetry, bus, time, log, setDisk };
};

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe("a bus that is away for an hour", () => {
  it.each([
    { name: "is down", error: down },
    { name: "is full", error: full },
  ])("because it $name loses no call and counts none twice, and callers wait for nothing", async ({ error }) => {
    const { recorder, hasRoom, flush, bus, time, log } = await open();
    const ledger = new Ledger();
    ledger.record(recorder);
    await time.advanceUntil(flush(), 100);
    bus.setOutage(error);
    for (let minute = 0; minute < 60; minute += 1) {
      for (let call = 0; call < 20; call += 1) {
        expect(hasRoom()).toEqual({ ok: true });
        ledger.record(recorder);
      }
      time.advance(hourMs / 60);
      await turn();
    }
    expect(callsOn(bus)).toHaveLength(1);
    bus.setOutage(null);
    await time.advanceUntil(flush(), 1_000);
    expectExact(bus, ledger);
    expect(log.lines.filter((line) => !line.includes("reports on finished calls"))).toEqual([
      "warn: calls wait in the spool: shipping them fails",
      "info: calls reach the bus again",
    ]);
  });

  it("because it does not answer loses none either, and a call ends while a publish hangs", async () => {
    const real = openTestBus();
    const answer = Promise.withResolvers<void>();
    const hanging: MemoryBus = {
      ...real,
      publish: async (message) => {
        await answer.promise;
        await real.publish(message);
      },
    };
    const { recorder, flush, time } = await open({ bus: hanging });
    const ledger = new Ledger();
    for (let minute = 0; minute < 60; minute += 1) {
      ledger.record(recorder);
      time.advance(hourMs / 60);
      await turn();
    }
    expect([callsOn(real).length, ledger.ids.length]).toEqual([0, 60]);
    answer.resolve();
    await time.advanceUntil(flush(), 100);
    expectExact(real, ledger);
  });
});

describe("a disk that is full and has space again", () => {
  it("loses no call while the bus is away as well, and the calls come in order", async () => {
    const { recorder, hasRoom, flush, bus, time, log, setDisk } = await open();
    const ledger = new Ledger();
    const record = (count: number): void => {
      for (let call = 0; call < count; call += 1) {
        ledger.record(recorder);
      }
    };
    bus.setOutage(down);
    record(20);
    setDisk("full");
    record(200);
    expect(hasRoom()).toEqual({ ok: true });
    time.advance(hourMs);
    await turn();
    setDisk("works");
    record(1);
    await time.advanceUntil(turn(), 10_000);
    record(20);
    bus.setOutage(null);
    await time.advanceUntil(flush(), 1_000);
    expectExact(bus, ledger);
    expect(log.lines.filter((line) => line.includes("the spool ") && !line.includes("shipping"))).toEqual([
      "error: the spool cannot be written: calls wait in memory",
      "info: the spool is written again",
    ]);
  });
});
