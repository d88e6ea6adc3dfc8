import { describe, expect, it } from "vitest";
import type { Call } from "../../core/call.ts";
import type { AnswerRow } from "../../store/store.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import type { OpenedStore } from "./open-engine.ts";
import { countOf, reportAt } from "./reports.ts";

/** What every store must tell of gateways, and of whether it can be trusted. */
export const describeGateways = (opened: () => OpenedStore): void => {
  const given = (calls: readonly Call[]): Promise<void> => opened().store.append(batchOf(calls), { delivery: "first" });
  const upTo = (toS: number) => ({ fromMs: mondayMs, toMs: mondayMs + toS * 1_000, stepSeconds: 60, where: {} });
  const gateways = (toS: number): Promise<readonly AnswerRow[]> => opened().store.ask("gateways", upTo(toS));
  const health = async (toS: number): Promise<AnswerRow | undefined> =>
    (await opened().store.ask("telemetry_health", upTo(toS)))[0];

  describe("a gateway", () => {
    it("is silent when its reports stop coming, and not when it said good-bye or is known to be dead and emptied", async () => {
      await opened().store.saveReports([
        reportAt(0, { gatewayId: "alive" }),
        reportAt(40, { gatewayId: "alive", finished: 7, waiting: 3, oldestWaitingMs: 1_500 }),
        reportAt(28, { gatewayId: "slow", everyMs: 10_000 }),
        reportAt(20, { gatewayId: "silent", finished: 5 }),
        reportAt(20, { gatewayId: "stopped", finished: 5, isLast: true }),
        reportAt(20, { gatewayId: "dead", finished: 5 }),
        reportAt(35, { gatewayId: "dead", finished: 0, isLast: true }),
      ]);
      const rows = await gateways(42);
      expect(rows.map(({ gateway, state }) => [gateway, state])).toEqual([
        ["silent", "silent"],
        ["alive", "reporting"],
        ["dead", "stopped"],
        ["slow", "reporting"],
        ["stopped", "stopped"],
      ]);
      expect(rows[1]).toMatchObject({ waiting: "3", oldest_waiting_s: 1.5, report_age_s: 1.98, clock_offset_s: 0.02 });
      expect(await health(42)).toMatchObject({ gateways: "5", silent_gateways: "1", report_age_s: 21.98 });
      expect((await gateways(29)).filter(({ state }) => state === "silent")).toEqual([]);
    });

    it("is unheard when its calls are stored and it never reports, after the time that a first report may take", async () => {
      await given([callAt(1), callAt(2, { gatewayId: null, gatewaySeq: null })]);
      expect(await gateways(100)).toMatchObject([{ gateway: "gateway-1", state: "starting", report_age_s: null }]);
      expect(await gateways(200)).toMatchObject([{ gateway: "gateway-1", state: "unheard", report_age_s: null }]);
      expect(await health(200)).toMatchObject({ trusted: false, gateways: "0", unheard_gateways: "1" });
    });

    it("shows how far its clock is off by its fastest report, behind only while it reports", async () => {
      await opened().store.saveReports([
        ...[5_000, 2_500, 9_000].map((delayMs, index) => reportAt(index, { gatewayId: "behind", delayMs })),
        reportAt(8, { gatewayId: "ahead", delayMs: -4_000 }),
        reportAt(1, { gatewayId: "read late", delayMs: 8_000, isLast: true }),
      ]);
      const rows = await gateways(12);
      expect(new Map(rows.map(({ gateway, clock_offset_s }) => [gateway, clock_offset_s]))).toEqual(
        new Map([
          ["behind", 2.5],
          ["ahead", -4],
          ["read late", null],
        ]),
      );
      expect(await health(12)).toMatchObject({ trusted: false, clock_offset_s: -4 });
      expect((await health(12))?.["reason"]).toBe("the clock of a gateway is 4 s ahead");
    });
  });

  describe("the age of the oldest call that is not stored", () => {
    const minute = mondayMs / 1_000;

    it("is told by the reports while the minute goes on and everything new is missing", async () => {
      await given([callAt(1), callAt(2)]);
      await opened().store.saveReports(
        [2, 4, 6, 8, 10, 12, 14, 16].map((atS) =>
          reportAt(atS, { finished: atS, counts: [countOf(atS, { lastS: atS })] }),
        ),
      );
      // Two of 16 are stored: the third was finished when the report at second 4 told of four.
      expect(await gateways(17)).toMatchObject([{ missing: "14", oldest_unstored_s: 13 }]);
      expect(await health(17)).toMatchObject({ trusted: false, missing: "14", oldest_unstored_s: 13 });
      expect((await health(17))?.["reason"]).toBe("not stored: 14 finished calls, the oldest for at least 13 s");
      // A second earlier it was on its way; the two that are stored came a day late.
      expect((await health(13))?.["reason"]).toMatch(/^rows come late/);
    });

    it("is told by the minute when one call is lost and all later ones are stored", async () => {
      const later = Array.from({ length: 9 }, (_, index) => callAt(61 + index));
      await given([callAt(1), ...later]);
      await opened().store.saveReports([
        reportAt(10, { finished: 2, counts: [countOf(2, { lastS: 9 })] }),
        reportAt(70, { finished: 11, counts: [countOf(9, { minute: minute + 60, lastS: 70 })] }),
      ]);
      expect(await gateways(71)).toMatchObject([{ finished: "11", missing: "1", oldest_unstored_s: 62 }]);
    });
  });

  it("trusts what is stored while every gateway reports and calls are stored in time, and says why", async () => {
    const startedAtNs = BigInt(mondayMs + 86_400_000 - 3_000) * 1_000_000n;
    await given([callAt(0, { startedAtNs, durationMs: 1_000 })]);
    const at = 86_400;
    const counts = [countOf(1, { minute: mondayMs / 1_000 + at - 60, lastS: at - 2 })];
    await opened().store.saveReports([reportAt(at, { counts })]);
    const [row] = await opened().store.ask("telemetry_health", { ...upTo(at + 1), fromMs: mondayMs + 80_000_000 });
    expect(row).toMatchObject({ trusted: true, finished: "1", stored: "1", missing: "0", oldest_unstored_s: null });
    expect(row).toMatchObject({
      gateways: "1",
      silent_gateways: "0",
      reason: "calls that finished more than 10 s ago are stored",
    });
    expect(Math.abs(Number(row?.["freshness_p99_s"]) / 2 - 1)).toBeLessThanOrEqual(0.01);
  });

  it("does not trust a store that knows of no gateway and no call: that is a policy, not an accident", async () => {
    expect(await health(60)).toEqual({
      trusted: false,
      reason: "no gateway reports what it finished",
      finished: "0",
      stored: "0",
      missing: "0",
      oldest_unstored_s: null,
      freshness_p99_s: null,
      report_age_s: null,
      clock_offset_s: null,
      gateways: "0",
      silent_gateways: "0",
      unheard_gateways: "0",
    });
  });
};
