import { describe, expect, it } from "vitest";
import type { Call } from "../../core/call.ts";
import { questions } from "../../store/questions.ts";
import type { AnswerRow } from "../../store/store.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import type { OpenedStore } from "./open-engine.ts";
import { countOf, reportAt } from "./reports.ts";

/** The first minutes of `mondayMs`, up to `toS` seconds after it. */
const upTo = (toS: number, where: Readonly<Record<string, string>> = {}) => ({
  fromMs: mondayMs,
  toMs: mondayMs + toS * 1_000,
  stepSeconds: 60,
  where,
});

/** What every store must tell of calls that are finished and not stored. */
export const describeCompleteness = (opened: () => OpenedStore): void => {
  const given = (calls: readonly Call[]): Promise<void> => opened().store.append(batchOf(calls), { delivery: "first" });
  const completeness = (toS: number, where = {}): Promise<readonly AnswerRow[]> =>
    opened().store.ask("completeness", upTo(toS, where));

  describe("completeness", () => {
    it("tells what is missing by minute and tenant, and for how long at least", async () => {
      await given([callAt(1), callAt(2), callAt(3, { tenant: "globex" }), callAt(61)]);
      await opened().store.saveReports([
        reportAt(70, {
          counts: [
            countOf(4, { lastS: 30 }),
            countOf(1, { tenant: "globex", lastS: 4 }),
            countOf(2, { minute: mondayMs / 1_000 + 60, lastS: 65 }),
          ],
        }),
      ]);
      const minute = (time: string, tenant: string, numbers: readonly [string, string, string, number | null]) => {
        const [finished, stored, missing, oldest_unstored_s] = numbers;
        return { time: `2026-01-05T00:0${time}:00Z`, tenant, finished, stored, missing, oldest_unstored_s };
      };
      expect(await completeness(75)).toEqual([
        minute("0", "acme", ["4", "2", "2", 45]),
        minute("0", "globex", ["1", "1", "0", null]),
        minute("1", "acme", ["2", "1", "1", 10]),
      ]);
      expect(await completeness(75, { tenant: "globex" })).toHaveLength(1);
      const [tenMinutes] = await opened().store.ask("completeness", { ...upTo(75), stepSeconds: 600 });
      expect(tenMinutes).toMatchObject({ tenant: "acme", finished: "6", stored: "3", oldest_unstored_s: 45 });
    });

    it("can be asked by route, since the gateways count by route as well", async () => {
      await given([callAt(1), callAt(2, { route: "batch" })]);
      const counts = [countOf(3, { lastS: 5 }), countOf(5, { route: "batch", lastS: 5 })];
      await opened().store.saveReports([reportAt(10, { counts })]);
      expect(await completeness(20, { route: "batch" })).toMatchObject([{ finished: "5", stored: "1", missing: "4" }]);
      expect(questions.completeness.dimensions).toEqual(["tenant", "route"]);
    });

    it("takes what is stored for finished where a gateway died before it told, and where nobody tells", async () => {
      await given([callAt(1), callAt(2), callAt(3, { gatewayId: null, gatewaySeq: null })]);
      expect(await completeness(20)).toMatchObject([{ finished: "3", stored: "3", missing: "0" }]);
      await opened().store.saveReports([reportAt(10, { counts: [countOf(1, { lastS: 1 })] })]);
      expect(await completeness(20)).toMatchObject([{ finished: "3", stored: "3", missing: "0" }]);
    });

    it("does not make up for the missing calls of one gateway with the untold ones of another", async () => {
      await given([callAt(1, { gatewayId: "gateway-2" }), callAt(2, { gatewayId: "gateway-2" })]);
      await opened().store.saveReports([reportAt(10, { counts: [countOf(2, { lastS: 3 })] })]);
      expect(await completeness(20)).toMatchObject([{ finished: "4", stored: "2", missing: "2" }]);
    });

    it("is not changed by reports that come again, late or in another order", async () => {
      const reports = [4, 6, 9].map((finished, index) =>
        reportAt(index * 2, { counts: [countOf(finished, { lastS: index * 2 })] }),
      );
      const [first, second, third] = reports;
      if (first === undefined || second === undefined || third === undefined) throw new Error("three were made");
      await opened().store.saveReports([third, first]);
      const once = [await completeness(20), await opened().store.ask("gateways", upTo(20))];
      for (const again of [[second, second], [first], reports]) {
        await opened().store.saveReports(again.map((each) => ({ ...each, receivedAtMs: each.receivedAtMs + 100 })));
      }
      await opened().command("OPTIMIZE TABLE gateway_census FINAL");
      await opened().command("OPTIMIZE TABLE gateway_reports FINAL");
      const [rows, gateways] = [await completeness(20), await opened().store.ask("gateways", upTo(20))];
      expect(rows).toEqual(once[0]);
      expect(rows).toMatchObject([{ finished: "9", missing: "9", oldest_unstored_s: 16 }]);
      expect(gateways).toEqual([{ ...once[1]?.[0], report_age_s: expect.anything() }]);
    });

    it("is made right by calls that come later, and by their repeats", async () => {
      await opened().store.saveReports([reportAt(10, { counts: [countOf(3, { lastS: 3 })] })]);
      await given([callAt(1), callAt(2)]);
      expect(await completeness(20)).toMatchObject([{ missing: "1" }]);
      await opened().store.append(batchOf([callAt(1), callAt(2)]), { delivery: "repeated" });
      expect(await completeness(20)).toMatchObject([{ finished: "3", stored: "2", missing: "1" }]);
      await given([callAt(3)]);
      expect(await completeness(20)).toMatchObject([{ finished: "3", stored: "3", oldest_unstored_s: null }]);
    });
  });

  it("tells quantiles of the time from the end of a call to its row to within a hundredth", async () => {
    // The rows are stored a day after `mondayMs`.
    const ages = Array.from({ length: 200 }, (_, index) => 3 + ((index * 7_919) % 200) * 0.37);
    await given(ages.map((age, index) => callAt(index, { startedAtNs: startedBefore(age), durationMs: 1_000 })));
    const sorted = ages.toSorted((a, b) => a - b);
    const [row] = await opened().store.ask("freshness", {
      ...upTo(86_400),
      fromMs: mondayMs + 80_000_000,
      stepSeconds: 86_400,
    });
    expect(row).toMatchObject({ calls: "200" });
    for (const [column, level] of [["p50_s", 0.5] as const, ["p95_s", 0.95] as const, ["p99_s", 0.99] as const]) {
      const exact = sorted[Math.ceil(level * sorted.length) - 1] ?? Number.NaN;
      expect(Math.abs(Number(row?.[column]) / exact - 1), column).toBeLessThanOrEqual(0.01);
    }
  });

  it("takes a row for fresh that is there before its call ended, by clocks that disagree", async () => {
    await given([callAt(0, { startedAtNs: startedBefore(-30), durationMs: 1_000 })]);
    const range = { ...upTo(86_400), fromMs: mondayMs + 80_000_000, toMs: mondayMs + 90_000_000, stepSeconds: 86_400 };
    expect(await opened().store.ask("freshness", range)).toMatchObject([{ p99_s: 0, calls: "1" }]);
  });
};

/** Start of a call of one second that ended `age` seconds before a day after `mondayMs`. */
const startedBefore = (age: number): bigint => BigInt(Math.round((mondayMs + 86_400_000 - 1_000 - age * 1_000) * 1e6));
