import { existsSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BegunCall } from "../../../../gateway/telemetry/begun/begun-call.ts";
import { BegunJournal, slotBytes, unsettledRecords } from "../../../../gateway/telemetry/begun/begun-journal.ts";
import { readBegun } from "../../../../gateway/telemetry/begun/read-begun.ts";
import { begunPath } from "../../../../gateway/telemetry/spool-files.ts";
import { bareAttempt, bareStart } from "../calls.ts";
import { countingMeter } from "../counting-meter.ts";
import { keepingLog } from "../open-telemetry.ts";
import { tempFolder } from "../temp-folder.ts";

const gatewayId = "g";
const callOf = (number: number, more: Partial<BegunCall> = {}): BegunCall => ({
  callId: number.toString(16).padStart(16, "0"),
  traceId: "0123456789abcdef0123456789abcdef",
  startedAt: [1, 2],
  start: bareStart,
  attemptId: "0123456789abcdee",
  attemptAt: [1, 3],
  attempt: bareAttempt,
  firstTarget: "simulated/sim-small",
  ...more,
});

/** A journal on a disk that refuses when it is told to. */
const openJournal = () => {
  const dir = tempFolder();
  const log = keepingLog();
  const disk = { isFull: false };
  const { meter, counts } = countingMeter();
  const journal = new BegunJournal({
    dir,
    gatewayId,
    log,
    meter,
    writeAt: (fd, bytes, position) => {
      if (disk.isFull) throw new Error("no space left on device");
      return writeSync(fd, bytes, 0, bytes.length, position);
    },
  });
  const path = begunPath(dir, gatewayId);
  const noted = async () => (await readBegun(path))?.calls.map(({ callId }) => Number.parseInt(callId, 16)) ?? null;
  return { journal, log, disk, counts, path, noted };
};

describe("the notes of calls under way", () => {
  it("hold the calls that have not ended, with the last attempt of each, in a file as long as they were many", async () => {
    const { journal, path, noted } = openJournal();
    const slots = [1, 2, 3].map((number) => journal.begin(callOf(number), null));
    journal.end(slots[1] ?? null);
    journal.settle();
    expect(await noted()).toEqual([1, 3]);
    expect(journal.begin(callOf(4), null)).toBe(slots[1]);
    journal.begin(callOf(1, { attempt: { ...bareAttempt, number: 2 } }), slots[0] ?? null);
    expect([await noted(), journal.underWay]).toEqual([[1, 4, 3], 3]);
    expect((await readBegun(path))?.calls[0]?.attempt.number).toBe(2);
    expect(readFileSync(path).length).toBeLessThanOrEqual(3 * slotBytes);
    journal.close(true);
    expect(existsSync(path)).toBe(true);
  });

  it("still stand for calls that have ended, until they are settled, or one has a record beyond the last that are looked at", async () => {
    const { journal, path, noted } = openJournal();
    const [first, second, third] = [1, 2, 3].map((number) => journal.begin(callOf(number), null));
    const size = readFileSync(path).length;
    journal.end(first ?? null);
    journal.end(second ?? null);
    expect([journal.underWay, readFileSync(path).length, await noted()]).toEqual([3, size, [1, 2, 3]]);
    journal.settle();
    expect([journal.underWay, await noted()]).toEqual([1, [3]]);
    // Records of calls without a note, while none is to be forgotten, do not count.
    for (let records = 0; records < unsettledRecords; records += 1) journal.end(null);
    journal.end(third ?? null);
    for (let records = 2; records < unsettledRecords; records += 1) journal.end(null);
    expect(await noted()).toEqual([3]);
    journal.end(null);
    expect([journal.underWay, await noted()]).toEqual([0, []]);
  });

  it("are not cleared where each is written over by the next, however many they are", async () => {
    const { journal, noted } = openJournal();
    for (let number = 1; number <= unsettledRecords; number += 1) journal.end(journal.begin(callOf(number), null));
    expect([journal.underWay, await noted()]).toEqual([1, [unsettledRecords]]);
  });

  it("of calls that get no record are cleared at once", async () => {
    const { journal, noted } = openJournal();
    const [first, second] = [1, 2].map((number) => journal.begin(callOf(number), null));
    journal.end(first ?? null);
    journal.drop(second ?? null);
    expect([journal.underWay, await noted()]).toEqual([1, [1]]);
  });

  it("are written over by the calls that begin next, in the order of the records, and go altogether when that cannot be", async () => {
    const { journal, disk, path, noted } = openJournal();
    const [first, second] = [1, 2].map((number) => journal.begin(callOf(number), null));
    journal.end(first ?? null);
    expect(journal.begin(callOf(3), null)).toBe(first);
    expect([await noted(), journal.underWay]).toEqual([[3, 2], 2]);
    journal.end(second ?? null);
    journal.end(first ?? null);
    expect(journal.begin(callOf(4), null)).toBe(second);
    expect(await noted()).toEqual([3, 4]);
    disk.isFull = true;
    journal.begin(callOf(5), null);
    expect(existsSync(path)).toBe(false);
  });

  it("leave no file when every call has ended, and none that is another gateway's is removed", async () => {
    const [ours, theirs] = [openJournal(), openJournal()];
    for (const { journal } of [ours, theirs]) {
      journal.end(journal.begin(callOf(1), null));
      journal.close(journal === ours.journal);
    }
    expect([existsSync(ours.path), await theirs.noted()]).toEqual([false, []]);
  });

  it("are counted where the disk refuses them, and go altogether when one of them cannot be cleared", async () => {
    const { journal, log, disk, counts, path, noted } = openJournal();
    const first = journal.begin(callOf(1), null);
    disk.isFull = true;
    const second = journal.begin(callOf(2), null);
    expect([counts(), await noted()]).toEqual([{ "spoolBegunDropped unwritable": 1 }, [1]]);
    journal.end(first);
    journal.settle();
    expect(existsSync(path)).toBe(false);
    disk.isFull = false;
    journal.begin(callOf(3), null);
    journal.end(second);
    expect(await noted()).toEqual([3]);
    journal.close(true);
    expect(log.lines).toEqual([
      "warn: calls under way cannot be noted: a kill of the gateway would leave them without a record",
      "info: calls under way are noted again",
    ]);
  });

  it("that are damaged are told apart from those that are cleared", async () => {
    const { journal, path } = openJournal();
    const slots = [1, 2, 3].map((number) => journal.begin(callOf(number), null));
    journal.end(slots[2] ?? null);
    journal.close(true);
    const bytes = readFileSync(path);
    bytes[slotBytes + 20] = (bytes[slotBytes + 20] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await readBegun(path)).toMatchObject({ calls: [callOf(1)], unreadable: 1 });
    truncateSync(path, slotBytes + 40);
    expect(await readBegun(path)).toMatchObject({ calls: [callOf(1)], unreadable: 1 });
  });
});
