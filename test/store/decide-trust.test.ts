import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TelemetryHealth, Trust, TrustLimits } from "../../store/decide-trust.ts";
import { decideTrust } from "../../store/decide-trust.ts";
import { judgeHealth } from "../../store/telemetry-health.ts";
import { trustConfig } from "../../store/trust-config.ts";

const nowMs = Date.UTC(2026, 0, 5, 12);
const limits: TrustLimits = trustConfig.parse({});

const healthy: TelemetryHealth = {
  asOfMs: nowMs,
  finished: 1_000,
  missing: 0,
  oldestUnstoredS: null,
  freshnessP99S: 1.2,
  clockOffsetS: 0.03,
  gateways: 2,
  silentGateways: 0,
  unheardGateways: 0,
};

interface Row extends Trust {
  readonly name: string;
  readonly health: Partial<TelemetryHealth>;
  readonly limits?: Partial<TrustLimits>;
}

const fine = {
  isTrusted: true,
  cause: "complete",
  reason: "calls that finished more than 10 s ago are stored",
} as const;
const byConfiguration = {
  isTrusted: true,
  cause: "complete",
  reason: "not every gateway reports, and what is stored is trusted by configuration",
} as const;
const broken = (cause: Trust["cause"], reason: string): Trust => ({ isTrusted: false, cause, reason });

const rows: readonly Row[] = [
  { name: "everything in time", health: {}, ...fine },
  { name: "no call in the last minutes", health: { freshnessP99S: null, finished: 0 }, ...fine },
  { name: "calls on their way within the grace", health: { missing: 40, oldestUnstoredS: 10 }, ...fine },
  {
    name: "a call that is missing for longer",
    health: { missing: 1, oldestUnstoredS: 10.02 },
    ...broken("missing_calls", "not stored: 1 finished call, the oldest for at least 10 s"),
  },
  {
    name: "calls that are missing for long",
    health: { missing: 40, oldestUnstoredS: 3_601.2 },
    ...broken("missing_calls", "not stored: 40 finished calls, the oldest for at least 3600 s"),
  },
  {
    name: "fewer missing calls than are allowed",
    health: { missing: 10, oldestUnstoredS: 600 },
    limits: { missingRatio: 0.01 },
    ...fine,
  },
  {
    name: "more missing calls than are allowed",
    health: { missing: 11, oldestUnstoredS: 600 },
    limits: { missingRatio: 0.01 },
    ...broken("missing_calls", "not stored: 11 finished calls, the oldest for at least 600 s"),
  },
  { name: "rows on the limit of freshness", health: { freshnessP99S: 5 }, ...fine },
  {
    name: "rows that come late",
    health: { freshnessP99S: 5.4321 },
    ...broken("late_rows", "rows come late: 1 of 100 calls took more than 5.43 s"),
  },
  {
    name: "a gateway that vanished",
    health: { silentGateways: 1 },
    ...broken("silent_gateway", "1 gateway fell silent without a good-bye"),
  },
  { name: "a clock within its limit", health: { clockOffsetS: -2 }, ...fine },
  {
    name: "a clock that is ahead",
    health: { clockOffsetS: -2.5 },
    ...broken("clock_off", "the clock of a gateway is 2.5 s ahead"),
  },
  {
    name: "a clock that is behind",
    health: { clockOffsetS: 61.04 },
    ...broken("clock_off", "the clock of a gateway is 61 s behind"),
  },
  {
    name: "no gateway and no call",
    health: { gateways: 0, finished: 0, freshnessP99S: null, clockOffsetS: null },
    ...broken("no_reports", "no gateway reports what it finished"),
  },
  {
    name: "no gateway, where that is fine",
    health: { gateways: 0 },
    limits: { withoutReports: "trust" },
    ...byConfiguration,
  },
  {
    name: "a gateway that never reported",
    health: { unheardGateways: 2 },
    ...broken("no_reports", "calls are stored of 2 gateways that never reported"),
  },
  {
    name: "the same, where that is fine",
    health: { unheardGateways: 2 },
    limits: { withoutReports: "trust" },
    ...byConfiguration,
  },
  {
    name: "late rows, where no reports are fine",
    health: { gateways: 0, freshnessP99S: 9 },
    limits: { withoutReports: "trust" },
    ...broken("late_rows", "rows come late: 1 of 100 calls took more than 9 s"),
  },
  {
    name: "a store that stopped answering",
    health: { asOfMs: nowMs - 31_000 },
    ...broken("unknown", "the store has not answered for 31 s"),
  },
];

describe("decideTrust", () => {
  it.each(rows)("judges $name: $isTrusted, $cause", (row) => {
    const { isTrusted, cause, reason } = row;
    const trust = decideTrust({ ...healthy, ...row.health }, { ...limits, ...row.limits }, nowMs);
    expect(trust).toEqual({ isTrusted, cause, reason });
  });

  it("trusts nothing before the store has answered", () => {
    expect(decideTrust(null, limits, nowMs)).toEqual(broken("unknown", "the store has not answered yet"));
  });

  it("never trusts more when anything gets worse", () => {
    const worse = fc.record({
      missing: fc.nat(100),
      age: fc.double({ min: 0, max: 100, noNaN: true }),
      late: fc.double({ min: 0, max: 20, noNaN: true }),
      silent: fc.nat(1),
      old: fc.nat(60_000),
    });
    fc.assert(
      fc.property(worse, worse, (first, more) => {
        const at = (sum: typeof first): boolean =>
          decideTrust(
            {
              ...healthy,
              missing: sum.missing,
              oldestUnstoredS: sum.missing > 0 ? sum.age : null,
              freshnessP99S: sum.late,
              silentGateways: sum.silent,
              asOfMs: nowMs - sum.old,
            },
            limits,
            nowMs,
          ).isTrusted;
        const both = {
          missing: first.missing + more.missing,
          age: first.age + more.age,
          late: first.late + more.late,
          silent: first.silent + more.silent,
          old: first.old + more.old,
        };
        expect(at(both) && !at(first)).toBe(false);
      }),
    );
  });
});

describe("a row of telemetry_health", () => {
  it("gets the judgement in front, and refuses to be judged without its figures", () => {
    const row = {
      finished: "9007199254740993",
      missing: "0",
      oldest_unstored_s: null,
      freshness_p99_s: null,
      clock_offset_s: null,
      gateways: "1",
      silent_gateways: "0",
      unheard_gateways: "0",
    };
    const judged = judgeHealth(row, limits, nowMs);
    expect(judged).toEqual({ trusted: true, reason: fine.reason, ...row });
    expect(Object.keys(judged).slice(0, 2)).toEqual(["trusted", "reason"]);
    expect(() => judgeHealth({ ...row, gateways: undefined }, limits, nowMs)).toThrow();
  });
});
