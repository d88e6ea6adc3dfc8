import { mkdirSync, readdirSync, renameSync, rmdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PlumblineError } from "../../../core/errors.ts";
import { topics } from "../../../core/topics.ts";
import { thisProcess } from "../../../gateway/telemetry/owner.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { bareEnd, bareStart, recordCall } from "./calls.ts";
import { leaveDead, putOwner } from "./dead-gateway.ts";
import { callIdsOf, sequencesOf } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");
const everyMs = 10_000;
const deadAfterMs = 6 * everyMs;

const setUp = () => {
  const dir = tempFolder();
  const bus = openTestBus();
  const time = virtualClock();
  const log = keepingLog();
  const open = (gatewayId: string, clock = time) => openTelemetry({ dir, bus, clock, gatewayId, log });
  const shipped = () => callIdsOf(bus.recordsOf(topics.spans));
  const names = () => readdirSync(dir).sort();
  const hasShipped = (count: number) => until(() => shipped().length >= count);
  const holds = (...wanted: readonly string[]) => until(() => names().join() === wanted.join());
  /** A gateway that dies with calls in its spool while others serve; they do not look while it lives. */
  const die = async (gatewayId: string, count: number) => {
    bus.setOutage(down);
    const ids = await leaveDead({ dir, bus, gatewayId, count, segmentBytes: 4_096 });
    bus.setOutage(null);
    return ids;
  };
  return { dir, bus, time, log, open, die, shipped, hasShipped, holds, names };
};

describe("a gateway that serves", () => {
  it("ships what another leaves that dies beside it, at its next look", async () => {
    const { time, open, die, shipped, hasShipped, holds } = setUp();
    await open("serving");
    const ids = await die("dead", 20);
    expect(shipped()).toEqual([]);
    await time.advanceUntil(hasShipped(20), everyMs);
    expect(shipped()).toEqual(ids);
    await time.advanceUntil(holds("serving.owner"), 1);
  });

  it("shares what many leave with others, and each call is shipped once", async () => {
    const { bus, time, open, die, shipped, hasShipped, holds } = setUp();
    for (const id of ["s1", "s2", "s3"]) {
      await open(id);
    }
    const ids: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      ids.push(...(await die(`dead${round}`, 8)));
    }
    await time.advanceUntil(hasShipped(ids.length), everyMs);
    await time.advanceUntil(holds("s1.owner", "s2.owner", "s3.owner"), everyMs);
    expect(shipped().toSorted()).toEqual(ids.toSorted());
    const sequences = sequencesOf(bus.recordsOf(topics.spans)).map(Number);
    expect(sequences.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 8 * 12 }, (_, index) => 1 + Math.floor(index / 12)),
    );
  });

  it("tries again at the next look what it could not read, and does not let others wait for it", async () => {
    const { dir, time, log, open, die, shipped, hasShipped, holds } = setUp();
    const ids = await die("dead", 3);
    mkdirSync(join(dir, "broken-1.spool"));
    await open("serving");
    await time.advanceUntil(hasShipped(3), 1);
    expect(shipped()).toEqual(ids);
    await time.advanceUntil(nextTurns(5), everyMs);
    rmdirSync(join(dir, "broken-1.spool"));
    await time.advanceUntil(holds("serving.owner"), everyMs);
    expect(log.lines.filter((line) => line.includes("recovery"))).toEqual([
      "error: recovery of the spool failed: its files are kept, and it is tried again",
      "info: recovery of the spool works again",
    ]);
  });

  it("stops shipping for a dead gateway when another has taken its claim", async () => {
    const { dir, bus, time, open, die, shipped, names } = setUp();
    await die("dead", 3);
    bus.setOutage(down);
    await open("serving");
    renameSync(join(dir, "dead.serving.claim"), join(dir, "dead.other.claim"));
    putOwner(dir, "other", thisProcess());
    bus.setOutage(null);
    await time.advanceUntil(nextTurns(50), 1_000);
    expect(shipped()).toEqual([]);
    expect(names()).toEqual(["dead-1.spool", "dead.other.claim", "other.owner", "serving.owner"]);
  });
});

describe("a folder on a volume that came from another machine or container", () => {
  it("is recovered when the gateway that it belonged to has shown no life for six looks", async () => {
    const { dir, time, open, die, shipped, hasShipped } = setUp();
    const ids = await die("moved", 5);
    putOwner(dir, "moved", { pid: process.pid, startedAt: null, place: "elsewhere" });
    await open("serving");
    for (let silentMs = 0; silentMs < deadAfterMs; silentMs += everyMs) {
      expect(shipped()).toEqual([]);
      time.advance(everyMs);
      await nextTurns(5);
    }
    await time.advanceUntil(hasShipped(5), everyMs);
    expect(shipped()).toEqual(ids);
  });

  it("is left alone as long as its gateway shows life", async () => {
    const { dir, time, open, die, shipped } = setUp();
    await die("remote", 5);
    putOwner(dir, "remote", { pid: process.pid, startedAt: null, place: "elsewhere" });
    await open("serving");
    for (let look = 1; look <= 30; look += 1) {
      utimesSync(join(dir, "remote.owner"), look, look);
      time.advance(everyMs);
      await nextTurns(2);
    }
    expect(shipped()).toEqual([]);
  });

  it("shows by its owner file that its own gateway lives", async () => {
    const { dir, time, open } = setUp();
    await open("serving");
    const marks = new Set<number>();
    for (let look = 0; look < 4; look += 1) {
      marks.add(statSync(join(dir, "serving.owner")).mtimeMs);
      time.advance(everyMs);
      await nextTurns(2);
    }
    expect(marks.size).toBe(4);
  });
});

describe("a gateway that stood still and was taken for dead", () => {
  it("ships nothing any more, tells its callers, and its calls are on the bus once", async () => {
    const { dir, bus, time, log, open, shipped, hasShipped, holds } = setUp();
    bus.setOutage(down);
    const itsTime = virtualClock();
    const still = await open("still", itsTime);
    const ids = [recordCall(still.recorder), recordCall(still.recorder)];
    const underWay = still.recorder.start(bareStart);
    putOwner(dir, "still", { ...thisProcess(), place: "elsewhere" });
    await nextTurns(10);
    bus.setOutage(null);
    await open("serving");
    await time.advanceUntil(hasShipped(2), everyMs);

    await time.advanceUntil(holds("serving.owner"), 1);
    await itsTime.advanceUntil(
      until(() => !still.hasRoom().ok),
      1_000,
    );
    expect(still.hasRoom()).toEqual({
      ok: false,
      code: "data.in_use",
      reason: "another gateway took this one for dead",
    });
    expect(() => underWay.end(bareEnd)).toThrow("another gateway has taken over its files");
    await itsTime.advanceUntil(still.stop(), 100);
    expect(shipped()).toEqual(ids);
    expect(log.lines).toContain(
      "error: another gateway took this one for dead and ships its calls: it takes no more, restart it",
    );
  });
});

/** Waits until something is so; the test's own time limit ends it. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Lets the program work for some turns, and its files and processes for as many milliseconds. */
const nextTurns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};
