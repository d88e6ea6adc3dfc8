import { onTestFinished } from "vitest";
import type { Clock } from "../../../core/clock.ts";
import { silentMeter } from "../../../core/instruments.ts";
import type { Log } from "../../../core/log.ts";
import { censusConfig } from "../../../gateway/census/census-config.ts";
import type { SpoolConfig } from "../../../gateway/telemetry/spool-config.ts";
import { spoolConfig } from "../../../gateway/telemetry/spool-config.ts";
import type { Telemetry, TelemetryArgs } from "../../../gateway/telemetry/telemetry.ts";
import { startTelemetry } from "../../../gateway/telemetry/telemetry.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";

/** What a test must choose of the telemetry, and what it may. */
export type OpenArgs = Pick<TelemetryArgs, "dir" | "bus" | "clock" | "gatewayId"> &
  Partial<Pick<TelemetryArgs, "meter" | "writeAt" | "log">> & { readonly config?: Partial<SpoolConfig> };

/** What was logged: level and message. */
export interface TestLog extends Log {
  readonly lines: readonly string[];
}

/** A log that keeps its lines. */
export const keepingLog = (): TestLog => {
  const lines: string[] = [];
  const at = (level: string) => (_fields: unknown, message: string) => {
    lines.push(`${level}: ${message}`);
  };
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
};

/** Starts telemetry and stops it when the test has finished. It ships without linger and waits for no bus at its stop. */
export const openTelemetry = async (args: OpenArgs): Promise<Telemetry> => {
  const telemetry = await startTelemetry({
    log: keepingLog(),
    meter: silentMeter,
    serviceVersion: "1.2.3",
    ...args,
    config: spoolConfig.parse({ lingerMs: 0, stopMs: 0, ...args.config }),
    census: censusConfig.parse({ stopMs: 0 }),
  });
  onTestFinished(() => (isVirtual(args.clock) ? args.clock.advanceUntil(telemetry.stop(), 100) : telemetry.stop()));
  return telemetry;
};

const isVirtual = (clock: Clock): clock is VirtualClock => "advanceUntil" in clock;
