import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { topics } from "../../../core/topics.ts";
import { frameBytes, writeFrame } from "../../../gateway/telemetry/frame.ts";
import { HeldFile } from "../../../gateway/telemetry/held-file.ts";
import { recoverGateway } from "../../../gateway/telemetry/recover-gateway.ts";
import { listSpoolFolder, segmentPath } from "../../../gateway/telemetry/spool-files.ts";
import { leaveDead } from "./dead-gateway.ts";
import { callIdsOf } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");
/** A read finds one frame or two. */
const maxRecordBytes = 32;

const frameOf = (text: string): Buffer => {
  const payload = Buffer.from(`${text};`);
  const frame = Buffer.alloc(frameBytes(payload));
  writeFrame(frame, payload);
  return frame;
};

/** Recovers a gateway that left `files`, each with the sequence that it begins with, in a folder of its own. */
const recover = async (root: string, gatewayId: string, files: ReadonlyMap<number, Buffer>) => {
  const bus = openTestBus();
  const log = keepingLog();
  const dir = join(root, gatewayId);
  mkdirSync(dir);
  writeFileSync(join(dir, "held"), "");
  for (const [first, bytes] of files) {
    writeFileSync(segmentPath(dir, gatewayId, first), bytes);
  }
  const deps = {
    bus,
    log,
    dir,
    gatewayId,
    clock: systemClock,
    meter: silentMeter,
    held: new HeldFile(join(dir, "held")),
    maxRetryMs: 10,
    onCut: () => {},
    signal: new AbortController().signal,
  };
  const { segments } = listSpoolFolder(dir);
  const isDone = await recoverGateway({ files: segments, deps, maxRecordBytes, serviceVersion: "1", onFile: () => {} });
  const values = bus.recordsOf(topics.spans).map(({ value }) => Buffer.from(value).toString());
  const shipped = values.join("").split(";").slice(0, -1);
  return { isDone, shipped, lines: log.lines, names: readdirSync(dir).filter((name) => name !== "held") };
};

const calls = ["call one", "the second call", "3", "and a fourth one"];
const ends = calls.map((_, index) => Buffer.concat(calls.slice(0, index + 1).map(frameOf)).length);

describe("a gateway killed within the write of a frame", () => {
  it("at whichever byte, leaves the calls before it to be shipped, and nothing of the one that was not acknowledged", async () => {
    const root = tempFolder();
    const whole = Buffer.concat(calls.map(frameOf));
    for (let length = 0; length <= whole.length; length += 1) {
      const { isDone, shipped, names } = await recover(root, `g${length}`, new Map([[1, whole.subarray(0, length)]]));
      const acknowledged = ends.filter((end) => end <= length).length;
      expect([length, isDone, shipped, names]).toEqual([length, true, calls.slice(0, acknowledged), []]);
    }
  });

  it("of a real call, at any byte, leaves what it had ended before", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    bus.setOutage(down);
    const ids = await leaveDead({ dir, bus, gatewayId: "dead", count: 4 });
    const whole = readFileSync(join(dir, "dead-1.spool"));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        const copy = tempFolder();
        const path = join(copy, "dead-1.spool");
        writeFileSync(path, whole);
        truncateSync(path, length);
        const fresh = openTestBus();
        const telemetry = await openTelemetry({ dir: copy, bus: fresh, clock: systemClock, gatewayId: "new" });
        await telemetry.flush();
        const shipped = callIdsOf(fresh.recordsOf(topics.spans));
        expect(shipped).toEqual(ids.slice(0, shipped.length));
        expect(shipped.length).toBe(Math.floor((length * ids.length) / whole.length));
        await telemetry.stop();
        expect(readdirSync(copy)).toEqual([]);
      }),
      { numRuns: 30, examples: [[0], [whole.length], [whole.length - 1], [1]] },
    );
  });
});

describe("a file with random bytes in it", () => {
  it("ships no call that was not recorded and none twice, goes on with the next file, and says what is damaged", async () => {
    const root = tempFolder();
    const [first, second] = [calls, ["call five", "call six"]];
    const bytes = Buffer.concat(first.map(frameOf));
    const damage = fc.record({
      at: fc.nat(bytes.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      isInserted: fc.boolean(),
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(damage, async (where) => {
        round += 1;
        const rest = where.at + (where.isInserted ? 0 : where.bytes.length);
        const damaged = Buffer.concat([bytes.subarray(0, where.at), where.bytes, bytes.subarray(rest)]);
        fc.pre(!damaged.subarray(0, bytes.length).equals(bytes));
        const files = new Map([
          [1, damaged],
          [5, Buffer.concat(second.map(frameOf))],
        ]);
        const { isDone, shipped, lines, names } = await recover(root, `g${round}`, files);
        const before = ends.filter((end) => end <= where.at).length;
        expect(isDone).toBe(true);
        expect(shipped).toEqual([...first.slice(0, shipped.length - 2), ...second]);
        expect(shipped.length - 2).toBeGreaterThanOrEqual(before);
        const told = lines.filter((line) => !line.startsWith("info: "));
        const isKept = names.length > 0;
        expect(names).toEqual(isKept ? [`g${round}-1.spool.corrupt`] : []);
        expect(told).toContain(
          isKept
            ? "error: a spool file is damaged: calls in it were not shipped"
            : "warn: a spool file ends in a call that was not written whole: ignored",
        );
        if (shipped.length - 2 < first.length) {
          expect(told).toContain("error: calls are missing from the spool");
        }
      }),
      { numRuns: 150 },
    );
  });
});
