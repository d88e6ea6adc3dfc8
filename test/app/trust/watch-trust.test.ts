import { expect, it, onTestFinished } from "vitest";
import { MissingByTenant } from "../../../app/trust/missing-by-tenant.ts";
import { TrustWatch } from "../../../app/trust/watch-trust.ts";
import { PlumblineError } from "../../../core/errors.ts";
import type { Meter } from "../../../core/instruments.ts";
import { silentMeter } from "../../../core/instruments.ts";
import type { AnswerRow, Store } from "../../../store/store.ts";
import { trustConfig } from "../../../store/trust-config.ts";
import { keepingLog } from "../../gateway/telemetry/open-telemetry.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const noon = Date.UTC(2026, 0, 5, 12);

const healthy: AnswerRow = {
  finished: "100",
  missing: "0",
  oldest_unstored_s: null,
  freshness_p99_s: 1.5,
  clock_offset_s: 0.01,
  gateways: "1",
  silent_gateways: "0",
  unheard_gateways: "0",
};

const missing = { ...healthy, missing: "3", oldest_unstored_s: 20 };

/** A watch whose store answers as the test says. */
const openWatch = (first: AnswerRow = healthy) => {
  const clock = virtualClock(noon);
  const log = keepingLog();
  const gauges = new Map<string, number>();
  const meter: Meter = {
    ...silentMeter,
    set: (instrument, value, labels = {}) => void gauges.set([instrument, ...Object.values(labels)].join(" "), value),
  };
  const asked: unknown[] = [];
  let health: () => Promise<readonly AnswerRow[]> = async () => [first];
  let tenants: readonly AnswerRow[] = [];
  const ask: Store["ask"] = (question, parameters) => {
    asked.push([question, parameters]);
    return question === "telemetry_health" ? health() : Promise.resolve(tenants);
  };
  const watch = new TrustWatch({ ask, clock, log, meter, config: trustConfig.parse({ windowMinutes: 10 }) });
  watch.start();
  onTestFinished(() => clock.advanceUntil(watch.stop(), 1_000));
  /** Lets time pass until it has looked so often again. */
  const looks = async (count: number): Promise<void> => {
    for (let look = 0; look < count; look += 1) {
      await new Promise(setImmediate);
      clock.advance(5_000);
      await new Promise(setImmediate);
    }
  };
  return {
    asked,
    gauges,
    log,
    looks,
    watch,
    answer: (row: AnswerRow, byTenant: readonly AnswerRow[] = []) => {
      health = async () => [row];
      tenants = byTenant;
    },
    fail: (failing: () => Promise<readonly AnswerRow[]>) => {
      health = failing;
    },
  };
};

it("shows health as metrics, tells when trust is lost and when it is back, and says each once", async () => {
  const { answer, asked, gauges, log, looks, watch } = openWatch();
  await looks(2);
  expect(asked.slice(0, 2)).toEqual(
    ["telemetry_health", "completeness"].map((question) => [
      question,
      { fromMs: noon - 600_000, toMs: noon, stepSeconds: 3_600, where: {} },
    ]),
  );
  expect(Object.fromEntries(gauges)).toEqual({
    telemetryTrusted: 1,
    telemetryOldestUnstored: 0,
    telemetryFreshness: 1.5,
    telemetrySilentGateways: 0,
  });
  answer(missing, [
    { tenant: "acme", missing: "2" },
    { tenant: "globex", missing: "1" },
    { tenant: "acme", missing: "0" },
    { tenant: "fine", missing: "0" },
  ]);
  await looks(3);
  expect(watch.current).toMatchObject({ isTrusted: false, cause: "missing_calls" });
  expect(Object.fromEntries(gauges)).toMatchObject({
    telemetryTrusted: 0,
    telemetryOldestUnstored: 20,
    "telemetryMissing acme": 2,
    "telemetryMissing globex": 1,
  });
  answer({ ...healthy, freshness_p99_s: null });
  await looks(3);
  expect(gauges.get("telemetryMissing acme")).toBe(0);
  expect(gauges.get("telemetryFreshness")).toBeNaN();
  expect(gauges.get("telemetryTrusted")).toBe(1);
  expect(log.lines).toEqual([
    "warn: telemetry cannot be trusted: automatic actions are frozen",
    "info: telemetry can be trusted again",
  ]);
});

it.each([
  { name: "fails", failing: () => Promise.reject(new PlumblineError("store.unavailable", "away")), questions: 8 },
  { name: "hangs", failing: () => new Promise<never>(() => {}), questions: 0 },
])("loses trust half a minute after the last answer when the store $name", async ({ failing, questions }) => {
  const { asked, fail, gauges, looks, watch } = openWatch();
  await looks(2);
  fail(failing);
  await looks(5);
  expect(watch.current.isTrusted).toBe(true);
  const before = asked.length;
  await looks(4);
  expect(watch.current).toMatchObject({ isTrusted: false, cause: "unknown" });
  expect(gauges.get("telemetryTrusted")).toBe(0);
  // A store that hangs is asked nothing more.
  expect(asked.length - before).toBe(questions);
});

it("says nothing of a start, in which gateways come last, unless it goes on for half a minute", async () => {
  const { answer, log, looks } = openWatch({ ...healthy, gateways: "0" });
  await looks(3);
  expect(log.lines).toEqual([]);
  answer(healthy);
  await looks(2);
  expect(log.lines).toEqual([]);

  const stuck = openWatch({ ...healthy, gateways: "0" });
  await stuck.looks(9);
  expect(stuck.log.lines).toEqual(["warn: telemetry cannot be trusted: automatic actions are frozen"]);
});

it("gives names to the first tenants that miss calls alone, so that callers cannot fill a metric", () => {
  const byTenant = new MissingByTenant();
  const rows = Array.from({ length: 80 }, (_, index) => ({ tenant: `t${index}`, missing: "1" }));
  const sums = byTenant.sum(rows);
  expect(sums.size).toBe(51);
  expect(sums.get("other")).toBe(30);
  expect([...byTenant.sum([{ tenant: "t60", missing: "5" }])].filter(([, count]) => count > 0)).toEqual([["other", 5]]);
  expect(byTenant.sum([{ tenant: "t3", missing: "5" }]).get("t3")).toBe(5);
});
