import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { silentMeter } from "../../../core/instruments.ts";
import { CallCensus, censusBounds } from "../../../gateway/census/call-census.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { countingMeter } from "../telemetry/counting-meter.ts";

const noon = Date.UTC(2026, 0, 1, 12) / 1000;
const acme = { startedAtS: noon + 59, tenant: "acme", route: "chat" };

const openCensus = (meter = silentMeter) => {
  const clock = virtualClock(Date.UTC(2026, 0, 1, 13));
  return { clock, census: new CallCensus({ clock, meter }) };
};

describe("a census of calls", () => {
  it("counts by the minute of the start, tenant and route, and numbers the calls of the process", () => {
    const { census, clock } = openCensus();
    expect([acme, acme, { ...acme, startedAtS: noon + 60 }].map((call) => census.count(call))).toEqual([1, 2, 3]);
    clock.advance(1_500);
    census.count({ ...acme, tenant: "globex" });
    census.count({ ...acme, route: "batch" });
    const at = Date.UTC(2026, 0, 1, 13);
    expect(census.changes()).toEqual([
      { minute: noon, tenant: "acme", route: "chat", finished: 2, lastFinishedAtMs: at },
      { minute: noon + 60, tenant: "acme", route: "chat", finished: 1, lastFinishedAtMs: at },
      { minute: noon, tenant: "globex", route: "chat", finished: 1, lastFinishedAtMs: at + 1_500 },
      { minute: noon, tenant: "acme", route: "batch", finished: 1, lastFinishedAtMs: at + 1_500 },
    ]);
    expect(census.finished).toBe(5);
  });

  it("tells a count again until that very count is acknowledged", () => {
    const { census } = openCensus();
    census.count(acme);
    const told = census.changes();
    census.count(acme);
    census.acknowledge(told);
    expect(census.changes()).toMatchObject([{ finished: 2 }]);
    census.acknowledge(census.changes());
    expect(census.changes()).toEqual([]);
    census.count(acme);
    expect(census.changes()).toMatchObject([{ finished: 3 }]);
  });

  it("keeps pairs apart whose texts are the same one behind the other", () => {
    const { census } = openCensus();
    census.count({ ...acme, tenant: "a", route: "bc" });
    census.count({ ...acme, tenant: "ab", route: "c" });
    expect(census.changes()).toHaveLength(2);
  });

  it("forgets the oldest minute beyond a day of them, and counts what the bus was never told of it", () => {
    const { meter, counts } = countingMeter();
    const { census } = openCensus(meter);
    census.count(acme);
    census.acknowledge(census.changes());
    for (let minute = 1; minute <= censusBounds.minutes + 1; minute += 1) {
      census.count({ ...acme, startedAtS: noon + minute * 60 });
    }
    expect(census.changes()).toHaveLength(censusBounds.minutes);
    expect(census.changes()[0]?.minute).toBe(noon + 120);
    expect(counts()).toEqual({ "censusDropped bounds": 1 });
    expect(census.finished).toBe(censusBounds.minutes + 2);
  });

  it("is bounded against callers who invent tenants", () => {
    const { census } = openCensus();
    const each = censusBounds.counts / 4;
    for (let minute = 0; minute < 6; minute += 1) {
      for (let tenant = 0; tenant < each; tenant += 1) {
        census.count({ ...acme, startedAtS: noon + minute * 60, tenant: `t${tenant}` });
      }
    }
    expect(census.changes()).toHaveLength(censusBounds.counts);
    expect(census.changes()[0]?.minute).toBe(noon + 120);
  });

  it("tells in all its acknowledged reports together what it counted, whichever reports get lost", () => {
    const step = fc.oneof(
      fc.record({ startedAtS: fc.integer({ min: noon, max: noon + 300 }), tenant: fc.constantFrom("a", "b") }),
      fc.constantFrom("taken" as const, "lost" as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { census } = openCensus();
        const truth = new Map<string, number>();
        const told = new Map<string, number>();
        const report = (isTaken: boolean): void => {
          for (const { minute, tenant, finished } of isTaken ? census.changes() : []) {
            told.set(`${minute} ${tenant}`, Math.max(finished, told.get(`${minute} ${tenant}`) ?? 0));
          }
          census.acknowledge(isTaken ? census.changes() : []);
        };
        for (const each of steps) {
          if (typeof each === "string") {
            report(each === "taken");
          } else {
            const key = `${each.startedAtS - (each.startedAtS % 60)} ${each.tenant}`;
            truth.set(key, (truth.get(key) ?? 0) + 1);
            census.count({ ...each, route: "r" });
          }
        }
        report(true);
        expect(told).toEqual(truth);
      }),
    );
  });
});
