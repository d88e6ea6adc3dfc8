import { copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../../core/clock.ts";
import { silentMeter } from "../../../../core/instruments.ts";
import { silentLog } from "../../../../core/log.ts";
import { topics } from "../../../../core/topics.ts";
import { censusConfig } from "../../../../gateway/census/census-config.ts";
import { unsettledRecords } from "../../../../gateway/telemetry/begun/begun-journal.ts";
import { settleBegun } from "../../../../gateway/telemetry/begun/settle-begun.ts";
import { HeldFile } from "../../../../gateway/telemetry/held-file.ts";
import { begunPath, listSpoolFolder, ownerPath, segmentPath } from "../../../../gateway/telemetry/spool-files.ts";
import { startTelemetry } from "../../../../gateway/telemetry/telemetry.ts";
import { bareAttempt, bareStart } from "../calls.ts";
import { callsOn } from "../calls-on.ts";
import { decodeRequest } from "../decode-request.ts";
import { openTelemetry } from "../open-telemetry.ts";
import { openTestBus } from "../open-test-bus.ts";
import { tempFolder } from "../temp-folder.ts";
import { config, gatewayId, openGateway, steps } from "./killed-gateway.ts";

describe("the calls of a gateway that is killed", () => {
  it("have one record each, whatever ended, was shipped and was under way before", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40, size: "max" }), async (all) => {
        const { bus, left, ended, act, kill, recover } = await openGateway();
        for (const each of all) {
          await act(each);
        }
        const underWay = await kill();
        await recover("next");
        const calls = callsOn(bus);
        const idsOf = (isInterrupted: boolean) =>
          calls
            .filter(({ attributes }) => (attributes["plumbline.outcome"] === "interrupted") === isInterrupted)
            .map(({ spanId }) => spanId);
        expect(idsOf(false)).toEqual(ended);
        expect(idsOf(true).toSorted()).toEqual(underWay.toSorted());
        expect(calls.map(({ attributes }) => attributes["plumbline.gateway.seq"])).toEqual(
          calls.map((_, index) => index + 1),
        );
        expect(readdirSync(left)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it("have one record each when recovery is killed between any two of its steps", async () => {
    const { bus, left, ended, act, kill, recover } = await openGateway();
    for (const which of [0, 1, 2]) {
      await act({ kind: "begin", which });
    }
    await act({ kind: "end", which: 1 });
    const underWay = await kill();
    const begun = begunPath(left, gatewayId);
    const copy = join(tempFolder(), "begun");
    copyFileSync(begun, copy);
    const deps = {
      ...{ bus, clock: systemClock, log: silentLog, meter: silentMeter, dir: left, gatewayId, onCut: () => {} },
      ...{ held: new HeldFile(ownerPath(left, gatewayId)), maxRetryMs: 10, signal: new AbortController().signal },
    };
    const { segments: files } = listSpoolFolder(left);
    const settled = await settleBegun({ files, known: 0, deps, maxRecordBytes: 3_000, serviceVersion: "1" });
    expect([settled.length, existsSync(begun)]).toEqual([2, false]);
    // Killed before the notes went: they are there again, beside the records that were made of them.
    copyFileSync(copy, begun);
    await recover("next");
    expect(callsOn(bus).map(({ spanId }) => spanId)).toEqual([...ended, ...underWay]);
  });

  it("have one record each when the kill came between a record and the clearing of its note", async () => {
    const { bus, dir, left, ended, act, kill, recover } = await openGateway();
    await act({ kind: "begin", which: 0 });
    await act({ kind: "begin", which: 0 });
    const notes = join(tempFolder(), "begun");
    copyFileSync(begunPath(dir, gatewayId), notes);
    await act({ kind: "end", which: 0 });
    const underWay = await kill();
    copyFileSync(notes, begunPath(left, gatewayId));
    await recover("next");
    expect([ended.length, underWay.length]).toEqual([1, 1]);
    expect(callsOn(bus).map(({ spanId }) => spanId)).toEqual([...ended, ...underWay]);
  });

  it("have one record each when more have ended at once than may still be noted", async () => {
    const { bus, left, ended, act, kill, recover } = await openGateway();
    const many = Array.from({ length: unsettledRecords + 10 }, () => ({ which: 0 }));
    // In one turn, so that nothing is shipped meanwhile.
    const acts = [
      ...many.map((each) => act({ ...each, kind: "begin" })),
      ...many.slice(2).map((each) => act({ ...each, kind: "end" })),
    ];
    const underWay = await kill();
    await Promise.all(acts);
    expect([ended.length, underWay.length]).toEqual([unsettledRecords + 8, 2]);
    await recover("next");
    expect(callsOn(bus).map(({ spanId }) => spanId)).toEqual([...ended, ...underWay]);
    expect(readdirSync(left)).toEqual([]);
  });

  it("have one record each when files with their records were shipped and removed before", async () => {
    const { bus, dir, left, ended, act, kill, recover } = await openGateway();
    for (const which of [0, 1, 2, 3, 4, 5]) await act({ kind: "begin", which });
    for (const _ of [0, 1, 2, 3, 4, 5]) {
      await act({ kind: "end", which: 899 });
      await act({ kind: "ship", which: 0 });
    }
    expect(listSpoolFolder(dir).segments.map(({ first }) => first)).not.toContain(1);
    expect(await kill()).toEqual([]);
    await recover("next");
    expect(callsOn(bus).map(({ spanId }) => spanId)).toEqual(ended);
    expect(readdirSync(left)).toEqual([]);
  });

  it("have one record each beside a file whose only record was not written whole", async () => {
    const { bus, left, act, kill, recover } = await openGateway();
    await act({ kind: "begin", which: 0 });
    const underWay = await kill();
    const torn = Buffer.concat([Buffer.from([200, 0, 0, 0, 1, 2, 3, 4]), Buffer.alloc(20, 1)]);
    writeFileSync(segmentPath(left, gatewayId, 1), torn);
    await recover("next");
    expect(callsOn(bus).map(({ spanId }) => spanId)).toEqual(underWay);
    expect(readdirSync(left)).toEqual([]);
  });

  it("are told with all that was known when they were sent, and with no usage", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    const { recorder, stop } = await startTelemetry({
      ...{ dir, bus, clock: systemClock, log: silentLog, meter: silentMeter, config, serviceVersion: "1", gatewayId },
      census: censusConfig.parse({ stopMs: 0 }),
    });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const start = { ...bareStart, traceparent, tenant: "acme", session: "s-1", feature: "find", modelPinned: "m-1" };
    const call = recorder.start(start);
    const sent = call.startAttempt(bareAttempt);
    await stop();
    await (await openTelemetry({ dir, bus, clock: systemClock, gatewayId: "next" })).flush();

    const spans = bus.recordsOf(topics.spans).flatMap(({ value }) => decodeRequest(value));
    const [logical, attempt] = spans;
    expect(spans).toHaveLength(2);
    expect(logical).toMatchObject({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: call.callId,
      parentSpanId: "b7ad6b7169203331",
      name: "chat sim-small",
      resource: { "service.instance.id": gatewayId, "service.name": "plumbline-gateway" },
      statusCode: 2,
      attributes: {
        "plumbline.tenant": "acme",
        "plumbline.feature": "find",
        "plumbline.outcome": "interrupted",
        "plumbline.usage.source": "none",
        "plumbline.attempts": 1,
        "plumbline.model.pinned": "m-1",
        "plumbline.gateway.seq": 1,
        "gen_ai.conversation.id": "s-1",
        "error.type": "gateway_killed",
      },
    });
    expect(Object.keys(logical?.attributes ?? {}).filter((key) => key.includes("tokens"))).toEqual([]);
    expect(sent.traceparent).toContain(attempt?.spanId ?? "none");
    expect(attempt).toMatchObject({
      parentSpanId: call.callId,
      attributes: { "plumbline.span": "attempt", "plumbline.outcome": "interrupted", "plumbline.attempt": 1 },
    });
  });
});
