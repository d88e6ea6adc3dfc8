import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { CallRecorder } from "../call-recorder.ts";
import { CallCensus } from "../census/call-census.ts";
import type { CensusConfig } from "../census/census-config.ts";
import { CensusReporter } from "../census/census-reporter.ts";
import type { RecordingRoom } from "../gateway-state.ts";
import { BegunJournal } from "./begun/begun-journal.ts";
import type { EncodeCall } from "./encode-call.ts";
import { createEncodeCall } from "./encode-call.ts";
import { fitCall } from "./fitting/fit-call.ts";
import { flushFor } from "./flush-for.ts";
import type { HeldFile } from "./held-file.ts";
import { thisPlace } from "./owner.ts";
import { Ownership } from "./ownership.ts";
import type { ShipDeps } from "./publish-batch.ts";
import type { RecordedCall } from "./recorder.ts";
import { createRecorder } from "./recorder.ts";
import { Recovery } from "./recovery.ts";
import type { WriteAt } from "./segment-writer.ts";
import { Shipper } from "./shipper.ts";
import { SignsOfLife } from "./signs-of-life.ts";
import { Spool } from "./spool.ts";
import type { SpoolConfig } from "./spool-config.ts";
import { SpoolGate } from "./spool-gate.ts";
import { startTracer } from "./tracer.ts";

/** What the gateway's telemetry needs. */
export interface TelemetryArgs {
  /** Folder of the spool, on a disk of this machine; gateways of this machine may share it. */
  readonly dir: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly config: SpoolConfig;
  /** How the calls that this gateway has finished are reported. */
  readonly census: CensusConfig;
  /** Letters, digits, `-` and `_`; new for every start of a gateway, for instance a UUID. */
  readonly gatewayId: string;
  readonly serviceVersion: string;
  /** How spool files are written; `fs.writeSync` when absent. */
  readonly writeAt?: WriteAt;
}

/** The gateway's telemetry at work. */
export interface Telemetry {
  readonly recorder: CallRecorder;
  /** Whether a new call may begin; when not, the caller gets status 503 with the reason. */
  readonly hasRoom: () => RecordingRoom;
  /** Resolves when every call that ended before, and what dead gateways had left, is on the bus. */
  readonly flush: () => Promise<void>;
  /** Flushes for at most `stopMs` and closes. Calls must have ended before; what the bus did not take stays in the spool. */
  readonly stop: () => Promise<void>;
}

/** Starts recording and shipping, and the recovery of what dead gateways left in the folder; it does not wait for the bus. */
export const startTelemetry = async (args: TelemetryArgs): Promise<Telemetry> => {
  const tracing = startTracer(args);
  const parts = startParts(args);
  const { ownership, gate, shipper, recovery, spool, begun, stopping } = parts;
  const census = new CallCensus(args);
  const reporter = startReporter(args, { census, spool });
  const flush = async (): Promise<void> => {
    await Promise.all([shipper.flush(), recovery.settled()]);
  };
  const stop = async (): Promise<void> => {
    await flushFor(flush, args);
    stopping.abort();
    await Promise.all([shipper.ended(), recovery.ended()]);
    await reporter.stop();
    await tracing.stop();
    await spool.close();
    begun.close(!ownership.isLost);
    await ownership.release();
  };
  let stopped: Promise<void> | null = null;
  return {
    recorder: createRecorder({
      tracing,
      clock: args.clock,
      census,
      begun,
      recordedEnd: (end) => gate.recordedEnd(end),
      keep: keepCall(args, { gate, spool, encodeCall: createEncodeCall(tracing.origin) }),
    }),
    hasRoom: () => {
      const reason = ownership.isLost ? "another gateway took this one for dead" : shipper.refusal;
      return reason === null ? gate.admit() : { ok: false, code: "data.in_use", reason };
    },
    flush,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
};

const startReporter = (
  args: TelemetryArgs,
  { census, spool }: { readonly census: CallCensus; readonly spool: Spool },
): CensusReporter => {
  const queue = () => ({ last: spool.last, done: spool.shippedThrough });
  const reporter = new CensusReporter({ ...args, config: args.census, census, spool: queue });
  reporter.start();
  return reporter;
};

/** Everything that runs between the end of a call and the bus. */
interface Parts {
  readonly ownership: Ownership;
  readonly spool: Spool;
  readonly begun: BegunJournal;
  readonly gate: SpoolGate;
  readonly shipper: Shipper;
  readonly recovery: Recovery;
  /** Its abort ends shipping and recovery, whatever is left. */
  readonly stopping: AbortController;
}

const startParts = (args: TelemetryArgs): Parts => {
  const { gatewayId, config, clock } = args;
  const everyMs = config.recoverEveryMs;
  const ownership = new Ownership({ ...args, everyMs, onLost: () => spool.giveUp() });
  const stopping = new AbortController();
  const depsFor = shipDeps(args, stopping.signal);
  const signs = new SignsOfLife({ ...args, place: thisPlace(), deadAfterMs: everyMs * config.missedSigns });
  const recovery = new Recovery({
    ...args,
    ...config,
    holder: gatewayId,
    everyMs,
    isDead: (id) => signs.isDead(id),
    depsFor,
    clock,
    signal: stopping.signal,
  });
  const spool = new Spool({
    ...args,
    onAppend: () => shipper.wake(),
    onLoad: () => gate.observe(),
    otherBytes: () => recovery.bytesLeft,
  });
  const gate = new SpoolGate({ ...args, limits: config, load: () => spool.load });
  const begun = new BegunJournal(args);
  const deps = depsFor(gatewayId, ownership.file);
  const shipper = new Shipper({ ...config, spool, deps, beforePublish: () => begun.settle() });
  ownership.start();
  recovery.start();
  shipper.start();
  return {
    ownership,
    spool,
    begun,
    gate,
    shipper,
    recovery,
    stopping,
  };
};

const keepCall =
  (
    { config, meter }: TelemetryArgs,
    { gate, spool, encodeCall }: Pick<Parts, "gate" | "spool"> & { readonly encodeCall: EncodeCall },
  ) =>
  ({ tenant, spans }: RecordedCall): boolean => {
    if (!gate.keeps(tenant)) {
      return false;
    }
    const { bytes, isCut } = fitCall(encodeCall(spans), config.maxRecordBytes);
    if (isCut) {
      meter.add("spoolCut", 1, { limit: "record" });
    }
    spool.append(bytes);
    return true;
  };

/** Shipping for the calls of a gateway, which ends when the telemetry stops or the file that makes them ours is lost. */
const shipDeps = (args: TelemetryArgs, stopping: AbortSignal): ((gatewayId: string, held: HeldFile) => ShipDeps) => {
  let isTold = false;
  const onCut = (): void => {
    if (!isTold) {
      isTold = true;
      args.log.warn({}, "calls are longer than the bus takes: their text is cut, lower gateway.spool.maxRecordBytes");
    }
  };
  return (gatewayId, held) => ({
    ...args,
    gatewayId,
    held,
    onCut,
    maxRetryMs: args.config.maxRetryMs,
    signal: AbortSignal.any([stopping, held.lost]),
  });
};
