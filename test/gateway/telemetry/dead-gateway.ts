import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "../../../bus/bus.ts";
import { systemClock } from "../../../core/clock.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import { censusConfig } from "../../../gateway/census/census-config.ts";
import { thisPlace } from "../../../gateway/telemetry/owner.ts";
import { spoolConfig } from "../../../gateway/telemetry/spool-config.ts";
import { startTelemetry } from "../../../gateway/telemetry/telemetry.ts";
import { recordCall } from "./calls.ts";

/** Id of a process that has ended. */
export const deadPid = (): number => spawnSync(process.execPath, ["--version"]).pid;

/** Writes an owner file as a gateway would, one of this place unless another is said. */
export const putOwner = (
  dir: string,
  gatewayId: string,
  owner: { readonly pid: number; readonly startedAt: string | null; readonly place?: string | null },
): void => writeFileSync(join(dir, `${gatewayId}.owner`), JSON.stringify({ place: thisPlace(), ...owner }));

/** A gateway that records `count` calls and dies with them in its spool; returns the ids of the calls. */
export const leaveDead = async (args: {
  readonly dir: string;
  /** A bus that takes nothing. */
  readonly bus: Bus;
  readonly gatewayId: string;
  readonly count: number;
  readonly segmentBytes?: number;
}): Promise<readonly string[]> => {
  const { dir, bus, gatewayId, count, segmentBytes = 1_000_000 } = args;
  const { recorder, stop } = await startTelemetry({
    dir,
    bus,
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: spoolConfig.parse({ stopMs: 0, segmentBytes }),
    census: censusConfig.parse({ stopMs: 0 }),
    gatewayId,
    serviceVersion: "1.2.3",
  });
  const ids = Array.from({ length: count }, () => recordCall(recorder, 300));
  await stop();
  putOwner(dir, gatewayId, { pid: deadPid(), startedAt: "a boot/1" });
  return ids;
};
