import type { TrustConfig } from "./trust-config.ts";

/** What is known of the way from the gateways to the rows, at one moment and for the time before it. Null is not known. */
export interface TelemetryHealth {
  /** The moment, in milliseconds since the Unix epoch. */
  readonly asOfMs: number;
  /** Calls that the gateways have finished. */
  readonly finished: number;
  /** Those of them that are not stored. */
  readonly missing: number;
  /** Age of the oldest of these, at least; null when none is missing. */
  readonly oldestUnstoredS: number | null;
  /** From the end of a call to its row, for 99 of 100 calls of the last five minutes; null when there were none. */
  readonly freshnessP99S: number | null;
  /** The farthest that the clock of a gateway is off: positive when it is behind, negative when it is ahead. */
  readonly clockOffsetS: number | null;
  /** Gateways that reported, those included that have stopped or fallen silent. */
  readonly gateways: number;
  /** Gateways whose reports stopped coming without a good-bye. */
  readonly silentGateways: number;
  /** Gateways of which calls are stored and no report is known. */
  readonly unheardGateways: number;
}

/** The limits by which health is judged. */
export type TrustLimits = Omit<TrustConfig, "windowMinutes" | "everySeconds">;

/** Why telemetry is trusted or not. */
export type TrustCause =
  | "complete"
  | "unknown"
  | "no_reports"
  | "silent_gateway"
  | "clock_off"
  | "missing_calls"
  | "late_rows";

/** Whether automatic actions may rely on what is stored, and why. */
export interface Trust {
  readonly isTrusted: boolean;
  readonly cause: TrustCause;
  /** The cause in words, with its figures. */
  readonly reason: string;
}

/** A health that is older than this says nothing of now: the store does not answer. */
const longestHealthMs = 30_000;

/**
 * Decides whether automatic actions may rely on what is stored. Not knowing is no trust: without a health, with an old one,
 * or with a gateway of which nothing is heard. The first limit that is broken is the reason.
 */
export const decideTrust = (health: TelemetryHealth | null, limits: TrustLimits, nowMs: number): Trust => {
  const ageMs = health === null ? Number.POSITIVE_INFINITY : nowMs - health.asOfMs;
  if (health === null || ageMs > longestHealthMs) {
    const since = health === null ? "yet" : `for ${Math.round(ageMs / 1000)} s`;
    return { isTrusted: false, cause: "unknown", reason: `the store has not answered ${since}` };
  }
  const broken = checks.find(({ isBroken }) => isBroken(health, limits));
  return broken === undefined
    ? { isTrusted: true, cause: "complete", reason: fineReason(health, limits) }
    : { isTrusted: false, cause: broken.cause, reason: broken.reason(health, limits) };
};

interface Check {
  readonly cause: TrustCause;
  readonly isBroken: (health: TelemetryHealth, limits: TrustLimits) => boolean;
  readonly reason: (health: TelemetryHealth, limits: TrustLimits) => string;
}

/** In order of what an operator should look at first: each can bring about those behind it. */
const checks: readonly Check[] = [
  {
    cause: "no_reports",
    isBroken: ({ gateways, unheardGateways }, { withoutReports }) =>
      withoutReports === "distrust" && (gateways === 0 || unheardGateways > 0),
    reason: ({ unheardGateways }) =>
      unheardGateways === 0
        ? "no gateway reports what it finished"
        : `calls are stored of ${count(unheardGateways, "gateway")} that never reported`,
  },
  {
    cause: "silent_gateway",
    isBroken: ({ silentGateways }) => silentGateways > 0,
    reason: ({ silentGateways }) => `${count(silentGateways, "gateway")} fell silent without a good-bye`,
  },
  {
    cause: "clock_off",
    isBroken: ({ clockOffsetS }, { clockSeconds }) => Math.abs(clockOffsetS ?? 0) > clockSeconds,
    reason: ({ clockOffsetS }) =>
      `the clock of a gateway is ${seconds(Math.abs(clockOffsetS ?? 0))} ${(clockOffsetS ?? 0) < 0 ? "ahead" : "behind"}`,
  },
  {
    cause: "missing_calls",
    isBroken: ({ finished, missing, oldestUnstoredS }, { missingRatio, graceSeconds }) =>
      missing > missingRatio * finished && (oldestUnstoredS ?? 0) > graceSeconds,
    reason: ({ missing, oldestUnstoredS }) =>
      `not stored: ${count(missing, "finished call")}, the oldest for at least ${seconds(oldestUnstoredS ?? 0)}`,
  },
  {
    cause: "late_rows",
    isBroken: ({ freshnessP99S }, { freshnessSeconds }) => (freshnessP99S ?? 0) > freshnessSeconds,
    reason: ({ freshnessP99S }) => `rows come late: 1 of 100 calls took more than ${seconds(freshnessP99S ?? 0)}`,
  },
];

const fineReason = ({ gateways, unheardGateways }: TelemetryHealth, { graceSeconds }: TrustLimits): string =>
  gateways === 0 || unheardGateways > 0
    ? "not every gateway reports, and what is stored is trusted by configuration"
    : `calls that finished more than ${graceSeconds} s ago are stored`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

const seconds = (value: number): string => `${Number(value.toPrecision(3))} s`;
