import { writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { plumbline } from "../../../core/attributes.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { topics } from "../../../core/topics.ts";
import type { CallRecorder } from "../../../gateway/call-recorder.ts";
import type { WriteAt } from "../../../gateway/telemetry/segment-writer.ts";
import type { SpoolConfig } from "../../../gateway/telemetry/spool-config.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { bareEnd, bareStart } from "./calls.ts";
import { countingMeter } from "./counting-meter.ts";
import { decodeRequest } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");
const text = JSON.stringify([{ role: "user", parts: [{ type: "text", content: "x".repeat(2_000) }] }]);

/** A gateway whose bus is down. */
const setUp = async (config: Partial<SpoolConfig>, writeAt?: WriteAt) => {
  const bus = openTestBus();
  bus.setOutage(down);
  const time = virtualClock();
  const log = keepingLog();
  const { meter, counts } = countingMeter();
  const telemetry = await openTelemetry({
    dir: tempFolder(),
    bus,
    clock: time,
    gatewayId: "g",
    log,
    meter,
    config,
    ...(writeAt === undefined ? {} : { writeAt }),
  });
  const heal = async (): Promise<void> => {
    bus.setOutage(null);
    await time.advanceUntil(telemetry.flush(), 1_000);
  };
  const recorded = () =>
    bus
      .recordsOf(topics.spans)
      .flatMap(({ value }) => decodeRequest(value))
      .filter(({ attributes }) => attributes[plumbline.span] === "call");
  /** Log lines about the spool's mode, without those about the bus. */
  const lines = () => log.lines.filter((line) => line.includes("the spool "));
  return { ...telemetry, heal, recorded, counts, lines };
};

const endCall = (recorder: CallRecorder, tenant = "default"): string => {
  const call = recorder.start({ ...bareStart, tenant });
  call.end({ ...bareEnd, contentPolicy: "full", inputMessages: text, outputMessages: text });
  return call.callId;
};

describe("a spool under shed_content_then_refuse", () => {
  it("records calls without their text from 80% on, then refuses, and comes back when the bus does", async () => {
    const { recorder, hasRoom, heal, recorded, counts, lines } = await setUp({ budgetBytes: 40_000 });
    const underWay = recorder.start(bareStart);
    const ids: string[] = [];
    while (hasRoom().ok) {
      ids.push(endCall(recorder));
    }
    underWay.end({ ...bareEnd, contentPolicy: "full", inputMessages: null, outputMessages: text });
    ids.push(underWay.callId);
    expect(hasRoom()).toEqual({
      ok: false,
      code: "spool.full",
      reason: expect.stringMatching(/^the spool holds 10\d% of the bytes/),
    });
    await heal();
    expect(hasRoom()).toEqual({ ok: true });
    ids.push(endCall(recorder));
    await heal();

    const calls = recorded();
    expect(calls.map(({ spanId }) => spanId)).toEqual(ids);
    const sheds = calls.map(({ attributes }) => attributes[plumbline.contentShed]);
    const shed = sheds.filter((reason) => reason === "disk").length;
    const whole = ids.length - 1 - shed;
    expect(sheds).toEqual([
      ...Array.from({ length: whole }, () => undefined),
      ...Array.from({ length: shed }, () => "disk"),
      undefined,
    ]);
    expect([whole > 3, shed > 3]).toEqual([true, true]);
    expect(calls.map(({ attributes }) => attributes["gen_ai.output.messages"])).toEqual(
      sheds.map((reason) => (reason === undefined ? text : undefined)),
    );
    expect(counts()).toMatchObject({ "spoolTextShed disk_budget": shed });
    expect(lines()).toEqual([
      "warn: the spool is filling up: calls are taken and recorded without their text",
      "error: the spool is full: new calls are refused",
      "info: the spool has room again: calls are taken and recorded whole",
    ]);
  });

  it("leaves calls unmarked that have no text to lose", async () => {
    const { recorder, heal, recorded, counts } = await setUp({ budgetBytes: 4_096 });
    for (let count = 0; count < 9; count += 1) {
      recorder.start(bareStart).end(bareEnd);
    }
    await heal();
    expect(recorded().filter(({ attributes }) => plumbline.contentShed in attributes)).toEqual([]);
    expect(recorded()).toHaveLength(9);
    expect(counts()).not.toHaveProperty("spoolTextShed disk_budget");
  });

  it("holds to the same policy for its memory while the disk is full", async () => {
    let isFull = true;
    const writeAt: WriteAt = (fd, bytes, position) => {
      if (isFull) {
        throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      }
      return writeSync(fd, bytes, 0, bytes.length, position);
    };
    const system = await setUp({ memoryBytes: 40_000 }, writeAt);
    const ids: string[] = [];
    while (system.hasRoom().ok) {
      ids.push(endCall(system.recorder));
    }
    expect(system.hasRoom()).toMatchObject({ ok: false, code: "spool.unwritable" });
    isFull = false;
    await system.heal();
    expect(system.recorded().map(({ spanId }) => spanId)).toEqual(ids);
    const sheds = system.recorded().map(({ attributes }) => attributes[plumbline.contentShed]);
    expect(new Set(sheds)).toEqual(new Set([undefined, "memory"]));
    expect(system.hasRoom()).toEqual({ ok: true });
  });
});

describe("a spool under serve_and_count", () => {
  it("serves every call, keeps records up to its budget, and counts each that it does not keep for its tenant", async () => {
    const config = { budgetBytes: 40_000, whenFull: "serve_and_count" } as const;
    const { recorder, hasRoom, heal, recorded, counts, lines } = await setUp(config);
    const tenants = ["acme", "beta", "acme"];
    const ids = Array.from({ length: 60 }, (_, index) => {
      expect(hasRoom()).toEqual({ ok: true });
      return endCall(recorder, tenants[index % 3]);
    });
    await heal();
    ids.push(endCall(recorder));
    await heal();

    const calls = recorded();
    const kept = calls.length - 1;
    expect(calls.map(({ spanId }) => spanId)).toEqual([...ids.slice(0, kept), ids.at(-1)]);
    expect(calls.every(({ attributes }) => attributes["gen_ai.output.messages"] === text)).toBe(true);
    expect(calls.at(-1)?.attributes[plumbline.gatewaySeq]).toBe(61);
    const lost = ids.slice(kept, -1).map((_, index) => tenants[(kept + index) % 3]);
    expect(lost.length).toBeGreaterThan(10);
    expect(counts()).toMatchObject({
      "spoolNotKept disk_budget acme": lost.filter((tenant) => tenant === "acme").length,
      "spoolNotKept disk_budget beta": lost.filter((tenant) => tenant === "beta").length,
    });
    expect(lines()).toEqual([
      "error: the spool is full: calls are served and their records are not kept",
      "info: the spool has room again: calls are taken and recorded whole",
    ]);
  });

  it("counts tenants beyond the first hundred together, so that callers cannot fill memory with names", async () => {
    const { recorder, counts } = await setUp({ budgetBytes: 4_096, whenFull: "serve_and_count" });
    for (let count = 0; count < 5; count += 1) {
      endCall(recorder, "first");
    }
    const before = counts()["spoolNotKept disk_budget first"] ?? 0;
    for (let count = 0; count < 300; count += 1) {
      endCall(recorder, `tenant-${count}`);
    }
    const named = Object.keys(counts()).filter((name) => name.startsWith("spoolNotKept"));
    expect(before).toBeGreaterThan(0);
    expect(named).toHaveLength(101);
    expect(counts()["spoolNotKept disk_budget other"]).toBe(201);
  });
});
