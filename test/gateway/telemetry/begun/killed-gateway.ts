import { cpSync, rmSync } from "node:fs";
import fc from "fast-check";
import { systemClock } from "../../../../core/clock.ts";
import { PlumblineError } from "../../../../core/errors.ts";
import { silentMeter } from "../../../../core/instruments.ts";
import { silentLog } from "../../../../core/log.ts";
import type { OpenCall } from "../../../../gateway/call-recorder.ts";
import { censusConfig } from "../../../../gateway/census/census-config.ts";
import { spoolConfig } from "../../../../gateway/telemetry/spool-config.ts";
import { ownerPath } from "../../../../gateway/telemetry/spool-files.ts";
import type { Telemetry } from "../../../../gateway/telemetry/telemetry.ts";
import { startTelemetry } from "../../../../gateway/telemetry/telemetry.ts";
import { bareAttempt, bareAttemptEnd, bareEnd, bareStart } from "../calls.ts";
import { deadPid, putOwner } from "../dead-gateway.ts";
import { openTelemetry } from "../open-telemetry.ts";
import { openTestBus } from "../open-test-bus.ts";
import { tempFolder } from "../temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");
const pid = deadPid();

/** Id of the gateway that is killed. */
export const gatewayId = "killed";

/** Small files, so that calls outlive the file in which others end. */
export const config = spoolConfig.parse({ lingerMs: 0, stopMs: 0, segmentBytes: 4_096, maxRecordBytes: 3_000 });

/** Something that happens in a gateway, to a call of a number where it is about one that is open. */
export interface Step {
  readonly kind: "start" | "begin" | "retry" | "end" | "ship";
  readonly which: number;
}

/** Steps in any order: most calls are sent, and most of those end. */
export const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("start", "begin", "begin", "begin", "begin", "retry", "end", "end", "end", "end", "ship"),
  which: fc.nat(),
});

interface Open {
  readonly call: OpenCall;
  attempts: number;
}

/** A gateway that works on a folder, and what a kill at a moment leaves of it in another. */
export const openGateway = async () => {
  const [dir, left] = [tempFolder(), tempFolder()];
  const bus = openTestBus();
  const args = { bus, clock: systemClock, log: silentLog, meter: silentMeter, serviceVersion: "1", config };
  const telemetry = await startTelemetry({ ...args, dir, gatewayId, census: censusConfig.parse({ stopMs: 0 }) });
  const calls = openCalls(telemetry);
  /** What is written at this moment is what a kill would leave; then the gateway goes on where nobody sees it. */
  const kill = async (): Promise<readonly string[]> => {
    bus.setOutage(down);
    cpSync(dir, left, { recursive: true });
    rmSync(ownerPath(left, gatewayId));
    putOwner(left, gatewayId, { pid, startedAt: "a boot/1" });
    await telemetry.stop();
    bus.setOutage(null);
    return calls.underWay();
  };
  const recover = async (id: string): Promise<void> => {
    const { flush, stop } = await openTelemetry({ ...args, dir: left, gatewayId: id });
    await flush();
    await stop();
  };
  return { bus, dir, left, ended: calls.ended, act: calls.act, kill, recover };
};

/** The calls of a gateway, as steps make them. */
const openCalls = ({ recorder, flush }: Telemetry) => {
  const open: Open[] = [];
  const ended: string[] = [];
  const send = (each: Open) => {
    each.attempts += 1;
    return each.call.startAttempt({ ...bareAttempt, number: each.attempts, target: `at/${each.attempts}` });
  };
  const begin = (isSent: boolean): void => {
    const each = { call: recorder.start(bareStart), attempts: 0 };
    open.push(each);
    if (isSent) send(each);
  };
  const retry = (each: Open): void => {
    send(each).end({ ...bareAttemptEnd, outcome: "provider_error" });
    open.push(each);
  };
  const end = ({ call }: Open, textBytes: number): void => {
    call.end({ ...bareEnd, contentPolicy: "full", outputMessages: "x".repeat(textBytes) });
    ended.push(call.callId);
  };
  return {
    /** Ids of the calls that have ended, in their order. */
    ended,
    /** Ids of the calls that were sent and have not ended. */
    underWay: () => open.filter(({ attempts }) => attempts > 0).map(({ call }) => call.callId),
    act: async ({ kind, which }: Step): Promise<void> => {
      if (kind === "ship") await flush();
      if (kind === "start" || kind === "begin") begin(kind === "begin");
      if (kind !== "retry" && kind !== "end") return;
      const [each] = open.splice(which % Math.max(1, open.length), 1);
      if (each === undefined) return;
      if (kind === "end") end(each, which % 900);
      else retry(each);
    },
  };
};
