import { onTestFinished } from "vitest";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import { CallCensus } from "../../../gateway/census/call-census.ts";
import { BegunJournal } from "../../../gateway/telemetry/begun/begun-journal.ts";
import { createEncodeCall } from "../../../gateway/telemetry/encode-call.ts";
import { createRecorder } from "../../../gateway/telemetry/recorder.ts";
import { startTracer } from "../../../gateway/telemetry/tracer.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { DecodedSpan } from "./decode-request.ts";
import { decodeRequest } from "./decode-request.ts";
import { tempFolder } from "./temp-folder.ts";

/** When the calls of `openRecorder` start, in milliseconds since the Unix epoch. */
export const startMs = 1_700_000_000_123;

/** A recorder whose calls come back decoded, each as its logical span and then its attempts. */
export const openRecorder = (gatewayId = "gateway-1", clock: VirtualClock = virtualClock(startMs)) => {
  const calls: (readonly DecodedSpan[])[] = [];
  const tracing = startTracer({ gatewayId, serviceVersion: "1.2.3" });
  const begun = new BegunJournal({ dir: tempFolder(), gatewayId, log: silentLog, meter: silentMeter });
  onTestFinished(() => begun.close(true));
  onTestFinished(tracing.stop);
  return {
    calls,
    clock,
    recorder: createRecorder({
      tracing,
      clock,
      census: new CallCensus({ clock, meter: silentMeter }),
      begun,
      recordedEnd: (end) => ({ end, contentShed: null }),
      keep: ({ spans }) => calls.push(decodeRequest(createEncodeCall(tracing.origin)(spans))) > 0,
    }),
  };
};
