import { describe, expect, it, onTestFinished } from "vitest";
import { PlumblineError } from "../../../core/errors.ts";
import { topics } from "../../../core/topics.ts";
import { CallCensus } from "../../../gateway/census/call-census.ts";
import { censusConfig } from "../../../gateway/census/census-config.ts";
import { CensusReporter } from "../../../gateway/census/census-reporter.ts";
import { openMemoryBus } from "../../support/memory-bus.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { countingMeter } from "../telemetry/counting-meter.ts";
import { keepingLog } from "../telemetry/open-telemetry.ts";
import { reportsOn } from "./reports.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const down = new PlumblineError("bus.unavailable", "the bus is down");
const acme = { startedAtS: noon / 1000, tenant: "acme", route: "chat" };

/** A reporter over a queue that the test moves, on a clock that the test moves. */
const openReporter = () => {
  const clock = virtualClock(noon);
  const bus = openMemoryBus({ clock });
  const log = keepingLog();
  const { meter, counts } = countingMeter();
  const census = new CallCensus({ clock, meter });
  const queue = { last: 0, done: 0 };
  const reporter = new CensusReporter({
    bus,
    clock,
    log,
    meter,
    config: censusConfig.parse({ reportMs: 2_000, stopMs: 3_000 }),
    gatewayId: "g1",
    census,
    spool: () => queue,
  });
  onTestFinished(() => clock.advanceUntil(bus.close(), 100));
  /** Moves time on until the bus holds so many reports. */
  const untilReports = async (count: number): Promise<void> => {
    const come = async (): Promise<void> => {
      while (bus.recordsOf(topics.census).length < count) {
        await new Promise(setImmediate);
      }
    };
    await clock.advanceUntil(come(), 100);
  };
  return { bus, census, clock, counts, log, queue, reporter, untilReports };
};

describe("a reporter", () => {
  it("tells at once that it is there, what is new at intervals, and good-bye with what is left", async () => {
    const { bus, census, clock, queue, reporter, untilReports } = openReporter();
    reporter.start();
    await untilReports(1);
    census.count(acme);
    census.count(acme);
    queue.last = 2;
    await untilReports(2);
    await untilReports(3);
    queue.done = 2;
    census.count({ ...acme, tenant: "globex" });
    queue.last = 3;
    await clock.advanceUntil(reporter.stop(), 100);
    const [hello, first, second, goodbye, ...more] = reportsOn(bus);
    const idle = { version: 1, gatewayId: "g1", everyMs: 2_000, isLast: false };
    expect(hello).toEqual({ ...idle, reportedAtMs: noon, finished: 0, waiting: 0, oldestWaitingMs: null, counts: [] });
    expect(first).toMatchObject({ ...idle, finished: 2, waiting: 2, oldestWaitingMs: 0 });
    expect(first?.counts).toMatchObject([{ minute: noon / 1000, tenant: "acme", route: "chat", finished: 2 }]);
    expect(second).toMatchObject({ ...idle, finished: 2, waiting: 2, counts: [] });
    expect(second?.oldestWaitingMs).toBe((second?.reportedAtMs ?? 0) - (first?.reportedAtMs ?? 0));
    expect(goodbye).toMatchObject({ ...idle, isLast: true, finished: 3, waiting: 1, oldestWaitingMs: 0 });
    expect(goodbye?.counts).toMatchObject([{ tenant: "globex", finished: 1 }]);
    expect(more).toEqual([]);
    expect(bus.recordsOf(topics.census).map(({ key }) => key)).toEqual(["g1", "g1", "g1", "g1"]);
    expect(clock.sleeping()).toBe(1);
  });

  it("keeps counting while the bus is down, says so once, and then tells everything", async () => {
    const { bus, census, clock, counts, log, reporter, untilReports } = openReporter();
    bus.setOutage(down);
    reporter.start();
    census.count(acme);
    const failedTwice = async (): Promise<void> => {
      while ((counts()["censusErrors bus.unavailable"] ?? 0) < 3) {
        await new Promise(setImmediate);
      }
    };
    await clock.advanceUntil(failedTwice(), 500);
    census.count(acme);
    bus.setOutage(null);
    await untilReports(1);
    expect(reportsOn(bus)).toMatchObject([{ finished: 2, counts: [{ tenant: "acme", finished: 2 }] }]);
    await clock.advanceUntil(reporter.stop(), 100);
    expect(log.lines).toEqual([
      "warn: the bus takes no reports on finished calls",
      "info: the bus takes reports on finished calls again",
    ]);
  });

  it("stops in time when the bus does not answer, and says that it will count as silent", async () => {
    const { bus, clock, log, reporter } = openReporter();
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const publish = bus.publish;
    Object.assign(bus, {
      publish: async (message: Parameters<typeof publish>[0]) => {
        asked.resolve();
        await held.promise;
        await publish(message);
      },
    });
    reporter.start();
    await asked.promise;
    const before = clock.monotonicMs();
    await clock.advanceUntil(reporter.stop(), 100);
    expect(clock.monotonicMs() - before).toBeLessThanOrEqual(3_100);
    expect(log.lines).toEqual([expect.stringMatching(/^warn: .* will count as silent$/)]);
    held.resolve();
  });

  it("splits what is too much for one record, and says good-bye in the last part alone", async () => {
    const { bus, census, clock, reporter } = openReporter();
    for (let tenant = 0; tenant < 2_500; tenant += 1) {
      census.count({ ...acme, tenant: `tenant-${tenant}`.padEnd(128, "x") });
    }
    await clock.advanceUntil(reporter.stop(), 100);
    const reports = reportsOn(bus);
    expect(reports.map(({ counts }) => counts.length)).toEqual([1_000, 1_000, 500]);
    expect(reports.map(({ isLast }) => isLast)).toEqual([false, false, true]);
    expect(new Set(reports.flatMap(({ counts }) => counts.map(({ tenant }) => tenant))).size).toBe(2_500);
    for (const { value } of bus.recordsOf(topics.census)) {
      expect(value.byteLength).toBeLessThan(500_000);
    }
  });
});
